import { hash } from "node:crypto";
import { HmacKey } from "./hmac.ts";
import type { Credential } from "./types.ts";

/**
 * Alibaba Cloud request signature V3 (`ACS3-HMAC-SHA256`), as pure functions: no clock, no randomness, no network.
 * The client signs with them and the demo endpoint verifies with them. Source: vod-facts §3.
 */
export const signatureAlgorithm = "ACS3-HMAC-SHA256";

/** SHA-256 of no bytes: the payload hash of every call without a body. */
export const emptyPayloadHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** Lowercase hex SHA-256 of a text (as UTF-8) or of bytes. */
export function sha256Hex(data: string | Uint8Array): string {
  return hash("sha256", data, "hex");
}

const onlyUnreserved = /^[A-Za-z0-9\-_.~]*$/;
const leftByEncodeURIComponent = /[!'()*]/g;
const loneSurrogate = /\p{Surrogate}/gu;

/** RFC 3986 percent-encoding: everything but `A-Za-z0-9-_.~`, as uppercase UTF-8 escapes. A lone surrogate becomes U+FFFD. */
export function percentEncode(text: string): string {
  if (onlyUnreserved.test(text)) return text;
  return encodeURIComponent(text.replace(loneSurrogate, "\ufffd")).replace(
    leftByEncodeURIComponent,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The query as it is signed, which is also a valid query to send: sorted by name, encoded, no leading `?`. */
export function canonicalQuery(params: Readonly<Record<string, string>>): string {
  let query = "";
  for (const name of sortedNames(params)) {
    query += `${query === "" ? "" : "&"}${percentEncode(name)}=${percentEncode(params[name] as string)}`;
  }
  return query;
}

/** What a canonical request is made of. */
export interface CanonicalParts {
  readonly method: string;
  /** The path as sent; `/` for RPC calls. */
  readonly path: string;
  /** Already canonical: see `canonicalQuery`. */
  readonly query: string;
  /** Exactly the headers to sign, names in lowercase. */
  readonly headers: Readonly<Record<string, string>>;
  /** Lowercase hex SHA-256 of the body. */
  readonly payloadHash: string;
}

/** The names of signed headers as `SignedHeaders` lists them: sorted, joined by `;`. */
export function signedHeaderNames(headers: Readonly<Record<string, string>>): string {
  return sortedNames(headers).join(";");
}

/** The text whose hash is signed. Header values are trimmed, and a blank line follows the header lines. */
export function canonicalRequest({ method, path, query, headers, payloadHash }: CanonicalParts): string {
  const names = sortedNames(headers);
  let lines = "";
  for (const name of names) lines += `${name}:${(headers[name] as string).trim()}\n`;
  return `${method}\n${path}\n${query}\n${lines}\n${names.join(";")}\n${payloadHash}`;
}

const stringToSignBytes = signatureAlgorithm.length + 1 + 64;
let lastSecret: string | undefined;
let lastKey: HmacKey;

/** Lowercase hex signature of a canonical request. The last secret's padded key is kept: one account signs many calls. */
export function signature(canonical: string, secret: string): string {
  if (secret !== lastSecret) {
    lastKey = new HmacKey(secret, stringToSignBytes);
    lastSecret = secret;
  }
  return lastKey.sign(`${signatureAlgorithm}\n${sha256Hex(canonical)}`);
}

/** One attempt of a call, before it is signed. */
export interface UnsignedRequest {
  readonly method: "GET" | "POST";
  /** Host and port as the `Host` header will say them. */
  readonly host: string;
  readonly action: string;
  readonly version: string;
  /** ISO 8601 in UTC with whole seconds, see `signatureDate`. */
  readonly date: string;
  /** Unique for every attempt: a reused one is refused with `SignatureNonceUsed`. */
  readonly nonce: string;
  readonly query: Readonly<Record<string, string>>;
  readonly credential: Credential;
  readonly body?: string;
  readonly contentType?: string;
}

export interface SignedRequest {
  /** Every header to send, names in lowercase, `host` included. */
  readonly headers: Record<string, string>;
  /** The query string to send after the path, without `?`. */
  readonly search: string;
}

/**
 * Signs one attempt: an access key, an STS credential (`x-acs-security-token`, with `x-acs-accesskey-id` as the official
 * client sends it) or a bearer token (no Authorization; `SignatureType=BEARERTOKEN` in the query).
 */
export function signRequest(request: UnsignedRequest): SignedRequest {
  const { method, host, action, version, date, nonce, credential, body, contentType } = request;
  const payloadHash = body ? sha256Hex(body) : emptyPayloadHash;
  const headers: Record<string, string> = {
    host,
    "x-acs-action": action,
    "x-acs-content-sha256": payloadHash,
    "x-acs-date": date,
    "x-acs-signature-nonce": nonce,
    "x-acs-version": version,
  };
  if (contentType !== undefined) headers["content-type"] = contentType;
  if (credential.bearerToken) {
    headers["x-acs-bearer-token"] = credential.bearerToken;
    headers.accept = "application/json";
    return { headers, search: canonicalQuery({ ...request.query, SignatureType: "BEARERTOKEN" }) };
  }
  if (credential.securityToken) {
    headers["x-acs-accesskey-id"] = credential.accessKeyId;
    headers["x-acs-security-token"] = credential.securityToken;
  }
  const search = canonicalQuery(request.query);
  const signed = signature(
    canonicalRequest({ method, path: "/", query: search, headers, payloadHash }),
    credential.accessKeySecret,
  );
  headers.authorization = `${signatureAlgorithm} Credential=${credential.accessKeyId},SignedHeaders=${signedHeaderNames(headers)},Signature=${signed}`;
  headers.accept = "application/json";
  return { headers, search };
}

/** A time in the form `x-acs-date` wants: `2025-03-27T08:15:46Z`. */
export function signatureDate(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Names in code unit order. Sorting is skipped when they are in order already, as they are in every call we make. */
function sortedNames(record: Readonly<Record<string, string>>): string[] {
  const names = Object.keys(record);
  for (let at = 1; at < names.length; at++) {
    if ((names[at - 1] as string) > (names[at] as string)) return names.sort();
  }
  return names;
}
