/** One HTTP exchange: what a transport is asked for and what it gives. Nothing here knows the service. */
export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  /** Names in lowercase. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
  /** Milliseconds for the whole exchange, connecting included. */
  readonly timeout: number;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lowercase; several values of one name are joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends a request. Rejects with a `VodError` of kind network, timeout, cancelled or malformed; any HTTP status resolves. */
export type Send = (request: HttpRequest) => Promise<HttpAnswer>;
