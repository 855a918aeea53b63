import { hash } from "node:crypto";
import { HmacKey } from "./hmac.ts";
import type { Credential } from "./types.ts";

/**
 * Alibaba Cloud request signature V3 (`ACS3-HMAC-SHA256`), as pure functions: no clock, no randomness, no network.
 * The client signs with them and the demo endpoint verifies with them. Source: vod-facts §3.
 */
const signatureAlgorithm = "ACS3-HMAC-SHA256";

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
 *
 * The headers of a call are known, so their canonical lines are written out in order here: collecting and sorting them as
 * `canonicalRequest` does would take half as long again. A test holds the two together.
 */
export function signRequest(request: UnsignedRequest): SignedRequest {
  const { method, host, action, version, date, nonce, credential, body, contentType } = request;
  const payloadHash = body ? sha256Hex(body) : emptyPayloadHash;
  const headers: Record<string, string> = {
    host,
    accept: "application/json",
    "x-acs-action": action,
    "x-acs-content-sha256": payloadHash,
    "x-acs-date": date,
    "x-acs-signature-nonce": nonce,
    "x-acs-version": version,
  };
  let names = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version";
  let typeLine = "";
  if (contentType !== undefined) {
    headers["content-type"] = contentType;
    names = `content-type;${names}`;
    typeLine = `content-type:${contentType.trim()}\n`;
  }
  if (credential.bearerToken) {
    headers["x-acs-bearer-token"] = credential.bearerToken;
    return { headers, search: canonicalQuery({ ...request.query, SignatureType: "BEARERTOKEN" }) };
  }
  const { accessKeyId, accessKeySecret, securityToken } = credential;
  let idLine = "";
  let tokenLine = "";
  if (securityToken) {
    headers["x-acs-accesskey-id"] = accessKeyId;
    headers["x-acs-security-token"] = securityToken;
    names = names
      .replace(";x-acs-action", ";x-acs-accesskey-id;x-acs-action")
      .replace(";x-acs-signature", ";x-acs-security-token;x-acs-signature");
    idLine = `x-acs-accesskey-id:${accessKeyId.trim()}\n`;
    tokenLine = `x-acs-security-token:${securityToken.trim()}\n`;
  }
  const search = canonicalQuery(request.query);
  const lines =
    `${typeLine}host:${host}\n${idLine}x-acs-action:${action}\nx-acs-content-sha256:${payloadHash}\n` +
    `x-acs-date:${date}\n${tokenLine}x-acs-signature-nonce:${nonce}\nx-acs-version:${version}\n`;
  const signed = signature(`${method}\n/\n${search}\n${lines}\n${names}\n${payloadHash}`, accessKeySecret);
  headers.authorization = `${signatureAlgorithm} Credential=${accessKeyId},SignedHeaders=${names},Signature=${signed}`;
  return { headers, search };
}

let lastSecond = Number.NaN;
let lastDate = "";

/** A time in the form `x-acs-date` wants: `2025-03-27T08:15:46Z`. The last second's text is kept: writing dates is slow. */
export function signatureDate(ms: number): string {
  const second = Math.floor(ms / 1000);
  if (second !== lastSecond) {
    lastDate = `${new Date(second * 1000).toISOString().slice(0, 19)}Z`;
    lastSecond = second;
  }
  return lastDate;
}

/** Names in code unit order; sorting is skipped when they are in order already, as they mostly are. */
function sortedNames(record: Readonly<Record<string, string>>): string[] {
  const names = Object.keys(record);
  for (let at = 1; at < names.length; at++) {
    if ((names[at - 1] as string) > (names[at] as string)) return names.sort();
  }
  return names;
}
