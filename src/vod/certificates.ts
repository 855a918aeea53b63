import * as tls from "node:tls";

/**
 * What https trusts at first: Node's own roots and any given certificates (PEM), as one context for all connections.
 * Undefined is Node's default, which costs nothing to make.
 */
export function usualTrust(extra: readonly string[] = []): tls.SecureContext | undefined {
  return extra.length > 0 ? tls.createSecureContext({ ca: [...nodeRoots(), ...extra] }) : undefined;
}

/**
 * The usual trust and the operating system's, whose store holds the roots that company proxies sign with. Reading and
 * parsing it blocks for some hundred milliseconds: only for who turns out to need it.
 */
export function systemTrust(extra: readonly string[] = []): tls.SecureContext {
  return tls.createSecureContext({ ca: [...new Set([...nodeRoots(), ...systemRoots(), ...extra])] });
}

const unknownIssuer = new Set([
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
]);

/** True for the code of a connection refused because nobody trusted knows who signed the certificate. */
export function isUnknownIssuer(code: string | undefined): boolean {
  return unknownIssuer.has(code ?? "");
}

function nodeRoots(): readonly string[] {
  return roots("default") ?? tls.rootCertificates;
}

function systemRoots(): readonly string[] {
  return roots("system") ?? [];
}

/** Undefined where this Node, or the one inside an editor, cannot tell. */
function roots(store: "default" | "system"): string[] | undefined {
  try {
    return tls.getCACertificates?.(store);
  } catch {
    return undefined;
  }
}
