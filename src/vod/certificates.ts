import * as tls from "node:tls";

/**
 * What https trusts: Node's own roots, those of the operating system (company proxies sign with them) and any given, as
 * one context that all connections share, because building it parses some hundred certificates.
 * @param extra more certificates, PEM.
 */
export function trustedContext(extra: readonly string[] = []): tls.SecureContext {
  return tls.createSecureContext({ ca: [...roots(), ...extra] });
}

/** Reading the system's store can fail for reasons of its own; Node's roots are always there. */
function roots(): string[] {
  if (typeof tls.getCACertificates !== "function") return [...tls.rootCertificates];
  try {
    return [...new Set([...tls.getCACertificates("default"), ...tls.getCACertificates("system")])];
  } catch {
    return tls.getCACertificates("default");
  }
}
