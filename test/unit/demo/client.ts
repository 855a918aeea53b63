import { createHash, createHmac, randomUUID } from "node:crypto";
import http from "node:http";

/** Where and as whom the hand-written client of these tests calls. */
export interface Caller {
  readonly url: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
}

export interface CallOptions {
  readonly method?: string;
  readonly action?: string;
  readonly version?: string;
  /** Sends the parameters as a form, not in the query. */
  readonly form?: boolean;
  /** Milliseconds since 1970. */
  readonly date?: number;
  readonly nonce?: string;
  readonly host?: string;
  /** Headers to sign as well, or, with undefined, not to send. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Changes what is sent after it was signed. */
  readonly tamper?: (sent: Sent) => void;
}

/** A signed call, about to be sent. */
export interface Sent {
  path: string;
  headers: Record<string, string>;
  body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers as they come
  readonly body: any;
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);

/** Signs and sends one call, by nothing of the product's code: vod-facts §3 written down once more. */
export function call(caller: Caller, parameters: Record<string, string>, options: CallOptions = {}): Promise<Answer> {
  const { method = "POST", action = "GetJobDetail", version = "2017-03-21", form = false } = options;
  const target = new URL(caller.url);
  const sorted = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
  const pairs = sorted.map(([name, value]) => `${encode(name)}=${encode(value)}`);
  const query = form ? "" : pairs.join("&");
  const body = form ? pairs.join("&") : "";
  const wanted: Record<string, string | undefined> = {
    host: options.host ?? target.host,
    "x-acs-action": action,
    "x-acs-version": version,
    "x-acs-date": `${new Date(options.date ?? Date.now()).toISOString().slice(0, 19)}Z`,
    "x-acs-signature-nonce": options.nonce ?? randomUUID(),
    "x-acs-content-sha256": sha256(body),
    "x-acs-security-token": caller.securityToken,
    "content-type": form ? "application/x-www-form-urlencoded" : undefined,
    ...options.headers,
  };
  const headers = Object.fromEntries(
    Object.entries(wanted).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const names = Object.keys(headers).sort();
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join("");
  const canonical = `${method}\n/\n${query}\n${lines}\n${names.join(";")}\n${sha256(body)}`;
  const signature = createHmac("sha256", caller.accessKeySecret)
    .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
    .digest("hex");
  headers.authorization = `ACS3-HMAC-SHA256 Credential=${caller.accessKeyId},SignedHeaders=${names.join(";")},Signature=${signature}`;
  const sent: Sent = { path: query ? `/?${query}` : "/", headers, body };
  options.tamper?.(sent);
  return send(target, method, sent.path, sent.headers, sent.body);
}

/** Sends a request as it is. */
export function send(
  { hostname, port }: URL,
  method: string,
  path: string,
  headers: Record<string, string>,
  body = "",
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        const { statusCode = 0, headers } = response;
        resolve({ status: statusCode, headers, text, body: jsonOrUndefined(text) });
      });
    });
    request.on("error", reject);
    request.end(body);
  });
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
