import { cancellation, VodError } from "./errors.ts";
import { networkFailure } from "./networkFailure.ts";
import type { Send } from "./send.ts";

/** `fetch`, as much of it as is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * Sends by a `fetch` that somebody else equipped: an editor's knows the proxies of PAC files and of Kerberos, which
 * `openTransport` cannot pass. The same promises hold: the deadline, the signal and the size cap; no redirect is
 * followed, as it would carry a signed request to another host.
 * @param largestBody the most bytes of an answer's body
 */
export function hostSend(fetch: Fetch, largestBody = 16 * 1024 * 1024): Send {
  return async ({ method, url, headers: { host: _host, ...headers }, body, signal, timeout }) => {
    if (signal?.aborted) throw cancellation(signal);
    const deadline = AbortSignal.timeout(Math.max(1, Math.ceil(timeout)));
    try {
      const response = await fetch(url, {
        method,
        headers: { ...headers, "accept-encoding": "identity" },
        // Bytes: with a text, fetch would send a content type, which is not among the signed headers.
        body: body === undefined ? undefined : Buffer.from(body),
        redirect: "manual",
        signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
      });
      const text = await readBody(response, largestBody);
      return { status: response.status, headers: Object.fromEntries(response.headers), body: text };
    } catch (error) {
      if (error instanceof VodError) throw error;
      if (signal?.aborted) throw cancellation(signal);
      if (deadline.aborted) {
        throw new VodError("timeout", `No answer came within ${timeout} ms`, { code: "CallTimeout" });
      }
      // What fetch rejects with says "fetch failed"; why stands in its cause.
      throw networkFailure((error as { cause?: unknown }).cause ?? error);
    }
  };
}

async function readBody(response: Response, largestBody: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    // Leaving the loop cancels the rest.
    if (size > largestBody) throw tooLarge(largestBody, response.status);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size).toString("utf8");
}

/** The failure of an answer that is larger than what is read. */
export function tooLarge(largestBody: number, status: number): VodError {
  return new VodError("malformed", `The answer is larger than ${largestBody / 1024 / 1024} MB`, {
    code: "AnswerTooLarge",
    status,
  });
}
