import type { JobProblem } from "../jobs/types.ts";
import { VodError, type VodErrorFacts, type VodErrorKind } from "../vod/errors.ts";
import { formatDuration } from "../workflow/format.ts";
import { quote } from "./quote.ts";

/** What a model can do about a failed call, and what only a person can. */
interface Advice {
  readonly what: string;
  readonly retry: string;
  readonly person?: string;
}

const advice: Readonly<Record<VodErrorKind, Advice>> = {
  throttled: {
    what: "The service throttled the account: too many calls are made with it, perhaps by its production systems.",
    retry: "Retrying now makes it worse. Calls go on by themselves, more slowly; wait a minute, then ask once.",
  },
  credentials: {
    what: "There is no usable credential for the account.",
    retry: "Retrying does not help until a person acts.",
    person:
      "Ask the person to sign in or switch the account (commands “VOD Jobs: Switch Account…” and “VOD Jobs: Add Access Key…”), or to repair the Alibaba Cloud CLI profile. Never ask for an access key in the conversation.",
  },
  "expired-token": {
    what: "The security token of the account has expired.",
    retry: "Retrying does not help until it is renewed.",
    person: "Ask the person to renew the token where it came from, or to switch the account.",
  },
  permission: {
    what: "The account may not ask for job details.",
    retry: "Retrying does not help until the permission is granted.",
    person:
      "Ask the person for the RAM action vod:GetJobDetail on all resources (command “VOD Jobs: Copy Minimal RAM Policy”), or for another account.",
  },
  "clock-skew": {
    what: "The clock of this computer differs too much from the service's.",
    retry: "Retrying does not help until the clock is set.",
    person: "Ask the person to set the clock of the computer.",
  },
  "not-found": {
    what: "The service knows no such job of this type in this account and region. It forgets jobs after six months.",
    retry: "Retrying the same does not help; another type, region or account may.",
    person:
      "Ask the person where the id comes from, and for its type, region and account. Do not try every combination: each costs a call.",
  },
  invalid: {
    what: "The service did not accept the request.",
    retry: "Retrying the same does not help; correct the input, or the account as the service says.",
  },
  service: {
    what: "The service had an error of its own.",
    retry: "It was tried several times already; trying once more in a few minutes may help.",
  },
  network: {
    what: "The service cannot be reached.",
    retry: "Retrying helps only once the network works again; tracked jobs are kept and checked by themselves then.",
    person: "Ask the person to check the network and the proxy settings.",
  },
  timeout: { what: "The service did not answer in time.", retry: "Trying once more in a minute may help." },
  cancelled: { what: "The call was canceled before an answer came.", retry: "It can be made again." },
  malformed: {
    what: "The answer did not come from the VOD service, or was damaged on its way.",
    retry: "Trying once more may help; a proxy or a sign-in page of the network may be in the way.",
    person: "If it happens again, ask the person to look at the log (command “VOD Jobs: Show Log”).",
  },
};

/**
 * A failed call in a few lines: what happened, whether to retry, what to ask the person. `way`: how calls reach the service
 * from here, if that is not as the editor's do.
 */
export function problemText(problem: Pick<VodError, "kind" | "message"> & VodErrorFacts, way?: string): string {
  const { kind, code, message, requestId, retryAfter, recommend, searched = [] } = problem;
  const { what, retry, person } = advice[kind];
  const facts = [code && `code ${quote(code, 80)}`, requestId && `request id ${quote(requestId, 80)}`].filter(Boolean);
  const wait = retryAfter ? ` The service asks to wait ${formatDuration(retryAfter)}.` : "";
  return [
    `${what}${facts.length > 0 ? ` (${facts.join(", ")})` : ""}`,
    searched.length === 0 && message && `Message: ${quote(message, 400)}`,
    ...searched.map(({ place, where, outcome }) => `Looked for credentials in ${place} ${quote(where)}: ${outcome}.`),
    `${retry}${wait}`,
    (kind === "network" && way) || person,
    recommend && `The service's own page about it: ${quote(recommend, 300)}`,
  ]
    .filter(Boolean)
    .join("\n");
}

/** What kept a tracked job's last check from getting an answer, in one line. */
export function problemLine({ kind, code, at }: JobProblem, moment: (at: number) => string): string {
  return `The last check failed at ${moment(at)}: ${advice[kind].what}${code ? ` (code ${quote(code, 80)})` : ""}`;
}

/** Any failure of a tool as text for a model. Only a `VodError` says more than that something broke. */
export function failureText(error: unknown, way?: string): string {
  if (error instanceof VodError) return problemText(error, way);
  const message = error instanceof Error ? error.message : String(error);
  return [
    "The job tracker itself failed; this says nothing about the job.",
    `Message: ${quote(message, 400)}`,
    "Trying once more may help.",
    "If it happens again, ask the person to look at the log (command “VOD Jobs: Show Log”).",
  ].join("\n");
}
