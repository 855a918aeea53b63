import { VodError, type VodErrorKind } from "./errors.ts";
import { text } from "./fields.ts";
import { asObject, type JsonObject, parseJson } from "./json.ts";
import { redact } from "./redact.ts";
import type { HttpAnswer } from "./send.ts";

/**
 * What the service's codes mean for a person, first match first (vod-facts §4). Order matters where names overlap:
 * `InvalidAccessKeyId.NotFound` is a credential problem, `InvalidVideo.NotFound` a missing job.
 */
const kindsByCode: readonly (readonly [RegExp, VodErrorKind])[] = [
  [/Throttling/i, "throttled"],
  [/Token.*Expired/i, "expired-token"],
  [/Time-?Stamp/i, "clock-skew"],
  [/^SignatureNonceUsed/i, "service"],
  [
    /AccessKeyId|SignatureDoesNotMatch|IncompleteSignature|SecurityToken|BearerToken|InvalidCredentials/i,
    "credentials",
  ],
  [/^OperationDenied/i, "invalid"],
  [/Forbidden|NoPermission|AccessDenied|Unauthori[sz]ed/i, "permission"],
  [/^Invalid(Action|Version|Api|Product)/i, "invalid"],
  [/NotFound|NoSuch|NotExist/i, "not-found"],
  [/^(Missing|Invalid|Illegal)|Unsupported/i, "invalid"],
  [/Internal|ServiceUn-?available|ServerBusy/i, "service"],
];

/**
 * What an answer without a code that is known means. A code that is not documented anywhere, on a call refused for no
 * reason of its own, counts as "no such job": what the service says of jobs it forgot is documented nowhere (vod-facts §4).
 */
function kindByStatus(status: number): VodErrorKind {
  if (status === 429) return "throttled";
  if (status === 401) return "credentials";
  if (status === 403) return "permission";
  if (status === 408 || status >= 500) return "service";
  if (status >= 300 && status < 400) return "malformed";
  return "not-found";
}

/** The kind of an error answer: its code first, its HTTP status second. */
export function kindOf(code: string | undefined, status: number): VodErrorKind {
  return kindsByCode.find(([pattern]) => pattern.test(code ?? ""))?.[1] ?? kindByStatus(status);
}

/** The parsed body of an answer that succeeded. */
export interface Success {
  readonly value: JsonObject;
  readonly requestId: string;
}

/**
 * Reads an HTTP answer of the service.
 * @param secrets what must not show in a message: the credential the call was signed with.
 * @throws VodError for every answer that is an error or not the service's.
 */
export function readAnswer(answer: HttpAnswer, secrets: readonly (string | undefined)[] = []): Success {
  const json = parseJson(answer.body);
  if (json === undefined) throw notJson(answer);
  const value = asObject(json);
  if (!value) {
    throw new VodError("malformed", `The answer is no JSON object (HTTP ${answer.status})`, {
      code: "NotAnObject",
      status: answer.status,
    });
  }
  const requestId = text(value.RequestId ?? value.requestId) ?? answer.headers["x-acs-request-id"] ?? "";
  const code = text(value.Code ?? value.code);
  if (answer.status >= 200 && answer.status < 300 && code === undefined) return { value, requestId };
  const said = text(value.Message ?? value.message) ?? "no message";
  // All that the service says may echo what it was asked with, its links too.
  const clean = (said: string | undefined) => said && redact(said, secrets);
  throw new VodError(kindOf(code, answer.status), redact(`${code ?? `HTTP ${answer.status}`}: ${said}`, secrets), {
    code: clean(code),
    status: answer.status,
    requestId: clean(requestId) || undefined,
    retryAfter: retryAfter(answer.headers),
    recommend: link(clean(text(value.Recommend ?? value.recommend))),
  });
}

/** What came instead of JSON, in words that say where to look. */
function notJson({ body, status, headers }: HttpAnswer): VodError {
  const facts = { code: "NotJson", status, retryAfter: retryAfter(headers) };
  // A gateway that turns callers away says so by its status alone, whatever its page looks like.
  const kind = status === 429 ? "throttled" : "malformed";
  if (/^\s*</.test(body)) {
    const html = /html/i.test(headers["content-type"] ?? "") || /^\s*<(!doctype\s+html|html)/i.test(body);
    const hint = "a proxy or a sign-in page of the network may be in the way";
    return new VodError(kind, `${html ? "An HTML page" : "XML"} came instead of JSON (HTTP ${status}): ${hint}`, facts);
  }
  const what = body.trim() === "" ? "The answer is empty" : "The answer is broken JSON, perhaps cut off";
  return new VodError(kind, `${what} (HTTP ${status}, ${body.length} characters)`, facts);
}

const longestWait = 24 * 60 * 60 * 1000;

/**
 * How long the service asks to wait, milliseconds: `x-acs-retry-after` (ms), else the longest `TimeLeft` (ms) of
 * `x-ratelimit-*`, else `retry-after` (s). Source: vod-facts §4.
 */
function retryAfter(headers: Readonly<Record<string, string>>): number | undefined {
  const lefts = Object.keys(headers)
    .filter((name) => name.startsWith("x-ratelimit-"))
    .map((name) => wait(/TimeLeft:\s*(\d+)/i.exec(headers[name] as string)?.[1]) ?? 0);
  const left = Math.max(0, ...lefts);
  return wait(headers["x-acs-retry-after"]) ?? (left > 0 ? left : wait(headers["retry-after"], 1000));
}

function wait(digits: string | undefined, unit = 1): number | undefined {
  if (digits === undefined || !/^\s*\d+(\.\d+)?\s*$/.test(digits)) return undefined;
  return Math.min(Number(digits) * unit, longestWait);
}

/** A link only when it leads to the service's own pages: it is offered to click on. */
function link(recommend: string | undefined): string | undefined {
  return recommend && /^https:\/\/([a-z0-9-]+\.)*(aliyun|alibabacloud)\.com\//i.test(recommend) ? recommend : undefined;
}
