import { VodError } from "./errors.ts";
import { redact } from "./redact.ts";

interface SystemError {
  readonly message?: string;
  readonly code?: string;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

const timeouts = new Set(["UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT", "ETIMEDOUT"]);

/**
 * A failure below HTTP as a `VodError`: no connection, a broken one, a certificate nobody trusts, a refusing proxy.
 * @param unsent whether nothing of the request was sent
 */
export function networkFailure(error: unknown, unsent = false): VodError {
  if (error instanceof VodError) return error;
  const { code, message } = firstCause(error);
  const proxyStatus = /Proxy response \((\d{3})\)|Proxy Authentication Required \((407)\)/.exec(message ?? "");
  // Of all that was asked when nothing was sent yet, only the proxy owed an answer.
  const silentProxy = unsent && code === "UND_ERR_HEADERS_TIMEOUT";
  const proxyCode = proxyStatus ? (proxyStatus[1] ?? proxyStatus[2]) : silentProxy ? "TIMEOUT" : undefined;
  const facts = { code: proxyCode ? `PROXY_${proxyCode}` : code, unsent };
  const text = redact(`${facts.code ?? "network error"}: ${message || "no message"}`);
  return new VodError(!proxyCode && code && timeouts.has(code) ? "timeout" : "network", text, facts);
}

/** Connecting to several addresses fails with all their errors: the first one's words are as good as any. */
function firstCause(error: unknown): SystemError {
  const outer = (error ?? {}) as SystemError;
  const inner = (outer.errors?.[0] ?? {}) as SystemError;
  return { code: outer.code ?? inner.code, message: outer.message || inner.message };
}
