import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";
import { cancellation, VodError } from "./errors.ts";
import { tooLarge } from "./hostSend.ts";
import { networkFailure } from "./networkFailure.ts";
import type { HttpAnswer, HttpRequest } from "./send.ts";

/**
 * One request and its answer on a dispatcher: gathers the body, keeps the deadline, the size cap and the signal.
 * It hears undici's events directly, without the streams of its request API: an answer is read whole anyway.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #request: HttpRequest;
  readonly #largestBody: number;
  readonly #resolve: (answer: HttpAnswer) => void;
  readonly #reject: (error: VodError) => void;
  readonly #chunks: Buffer[] = [];
  #controller: Dispatcher.DispatchController | undefined;
  #timer: NodeJS.Timeout | undefined;
  #status = 0;
  #headers: Record<string, string> = {};
  #size = 0;
  #failure: VodError | undefined;
  #settled = false;

  constructor(
    request: HttpRequest,
    largestBody: number,
    resolve: (answer: HttpAnswer) => void,
    reject: (error: VodError) => void,
  ) {
    this.#request = request;
    this.#largestBody = largestBody;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  start(dispatcher: () => Dispatcher): void {
    const { signal, url, method, headers, body, timeout } = this.#request;
    if (signal?.aborted) {
      this.#onAbort();
      return;
    }
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    this.#timer = setTimeout(this.#onTimeout, Math.max(1, timeout));
    const path = url.indexOf("/", url.indexOf("//") + 2);
    try {
      dispatcher().dispatch(
        { origin: url.slice(0, path), path: url.slice(path), method, headers: headers as Record<string, string>, body },
        this,
      );
    } catch (error) {
      this.#fail(networkFailure(error, true));
    }
  }

  /** The request begins on a connection that is open. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#failure) controller.abort(this.#failure);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return;
    this.#status = status;
    for (const name of Object.keys(headers)) {
      const value = headers[name];
      if (value !== undefined) this.#headers[name] = typeof value === "string" ? value : value.join(", ");
    }
    const encoding = this.#headers["content-encoding"];
    if (encoding && encoding !== "identity") {
      this.#fail(new VodError("malformed", "The answer is compressed though that was not asked for", { status }));
    } else if (Number(this.#headers["content-length"]) > this.#largestBody) {
      this.#fail(tooLarge(this.#largestBody, this.#status));
    }
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > this.#largestBody) this.#fail(tooLarge(this.#largestBody, this.#status));
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#settled) return;
    this.#settle();
    const [first] = this.#chunks;
    const bytes = this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks, this.#size);
    this.#resolve({ status: this.#status, headers: this.#headers, body: bytes.toString("utf8") });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(networkFailure(error, this.#controller === undefined));
  }

  readonly #onAbort = (): void => this.#fail(cancellation(this.#request.signal));

  readonly #onTimeout = (): void => {
    const what = this.#status ? "The answer did not end" : "No answer came";
    this.#fail(new VodError("timeout", `${what} within ${this.#request.timeout} ms`, { code: "CallTimeout" }));
  };

  /** The first failure counts; what undici reports of the abort that follows it does not. */
  #fail(failure: VodError): void {
    if (this.#settled) return;
    this.#settle();
    this.#failure = failure;
    this.#chunks.length = 0;
    this.#controller?.abort(failure);
    this.#reject(failure);
  }

  #settle(): void {
    this.#settled = true;
    clearTimeout(this.#timer);
    this.#request.signal?.removeEventListener("abort", this.#onAbort);
  }
}
