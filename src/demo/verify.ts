import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { Refusal } from "./refusal.ts";

/**
 * The service's side of signature V3 (vod-facts §3). It is written apart from `vod/sign.ts` on purpose and works from
 * the bytes that came over the wire: were signing and verifying one piece of code, a mistake in it would agree with itself.
 */

/** A request as it arrived. */
export interface RawRequest {
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  /** Names and values in turn, as `IncomingMessage.rawHeaders` gives them. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** A key that the account has or had. */
export interface AccessKey {
  readonly id: string;
  readonly secret: string;
  /** An STS key counts only together with its token, until it expires (milliseconds since 1970). */
  readonly token?: { readonly text: string; readonly expiresAt: number };
}

export interface KeyRing {
  find(id: string): AccessKey | undefined;
  /** Whether the key is disabled. */
  isInactive(id: string): boolean;
  readonly bearerToken?: string;
}

/** How far a client's clock may be off, in ms (x-acs-date page: 15 minutes). */
const allowedSkew = 15 * 60_000;

/** Remembers nonces for as long as a request that carries them could still be accepted. */
export class NonceMemory {
  readonly #usedAt = new Map<string, number>();

  /** Refuses a nonce that was used before. Keeps the newest 100,000, so that a long benchmark does not fill the memory. */
  use(nonce: string, now: number): void {
    for (const [oldest, at] of this.#usedAt) {
      if (now - at <= 2 * allowedSkew && this.#usedAt.size < 100_000) break;
      this.#usedAt.delete(oldest);
    }
    if (this.#usedAt.has(nonce)) throw new Refusal("SignatureNonceUsed");
    this.#usedAt.set(nonce, now);
  }
}

/** Lets an authentic request through; everything else is refused with the service's own codes. */
export function verify(request: RawRequest, keys: KeyRing, nonces: NonceMemory, now: number): void {
  const headers = headersOf(request);
  const authorization = headers.get("authorization");
  if (authorization === undefined && headers.has("x-acs-bearer-token")) {
    verifyBearer(headers, request.url, keys);
  } else {
    verifySignature(request, headers, authorization, keys, now);
  }
  const nonce = headers.get("x-acs-signature-nonce");
  if (!nonce) throw new Refusal("MissingSignatureNonce");
  nonces.use(nonce, now);
}

function verifyBearer(headers: ReadonlyMap<string, string>, url: string, keys: KeyRing): void {
  const asked = /[?&]SignatureType=BEARERTOKEN(?:&|$)/.test(url);
  const known = keys.bearerToken !== undefined && sameText(headers.get("x-acs-bearer-token") ?? "", keys.bearerToken);
  if (!asked || !known) throw new Refusal("InvalidBearerToken");
}

function verifySignature(
  request: RawRequest,
  headers: ReadonlyMap<string, string>,
  authorization: string | undefined,
  keys: KeyRing,
  now: number,
): void {
  const form = /^ACS3-HMAC-SHA256 Credential=([^,\s]+), ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;
  const [, keyId = "", signedHeaders = "", signature = ""] = form.exec(authorization ?? "") ?? [];
  if (!keyId) throw new Refusal("IncompleteSignature");
  const key = keys.find(keyId);
  if (!key) throw new Refusal("InvalidAccessKeyId.NotFound");
  if (keys.isInactive(keyId)) throw new Refusal("InvalidAccessKeyId.Inactive");
  checkDate(headers.get("x-acs-date"), now);
  checkToken(key, headers.get("x-acs-security-token"), now);
  const names = signedHeaders.split(";").sort();
  const mustSign = [...headers.keys()].filter((name) => /^(?:x-acs-.*|host|content-type)$/.test(name));
  if (mustSign.some((name) => !names.includes(name))) throw new Refusal("IncompleteSignature");
  const payloadHash = sha256(request.body);
  const canonical = canonicalRequest(request, headers, names, payloadHash);
  const stringToSign = `ACS3-HMAC-SHA256\n${sha256(canonical)}`;
  const expected = createHmac("sha256", key.secret).update(stringToSign).digest("hex");
  if (sameText(signature, expected) && headers.get("x-acs-content-sha256") === payloadHash) return;
  // The real service echoes what it signed, tokens and key ids included, so that clients learn to redact it.
  const echo = `server StringToSign is [${stringToSign}] server CanonicalRequest is [${canonical}]`;
  throw new Refusal("SignatureDoesNotMatch", {
    message: `Specified signature does not match our calculation. ${echo}`,
  });
}

function checkDate(date: string | undefined, now: number): void {
  if (!date || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(date)) throw new Refusal("InvalidTimeStamp.Format");
  if (!(Math.abs(Date.parse(date) - now) <= allowedSkew)) throw new Refusal("InvalidTimeStamp.Expired");
}

function checkToken(key: AccessKey, token: string | undefined, now: number): void {
  if (!key.token) {
    if (token !== undefined) throw new Refusal("InvalidSecurityToken.MismatchWithAccessKey");
    return;
  }
  if (!token) throw new Refusal("MissingSecurityToken");
  if (!sameText(token, key.token.text)) throw new Refusal("InvalidSecurityToken.Malformed");
  if (now >= key.token.expiresAt) throw new Refusal("InvalidSecurityToken.Expired");
}

function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}

/** Takes as long for a wrong text as for the right one, whatever their lengths. */
function sameText(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

function canonicalRequest(
  request: RawRequest,
  headers: ReadonlyMap<string, string>,
  names: readonly string[],
  payloadHash: string,
): string {
  const [path = "/", query = ""] = splitOnce(request.url, "?");
  const pairs = rawPairs(query).map(([name, value]) => [encode(name), encode(value)] as const);
  pairs.sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)));
  const canonicalQuery = pairs.map(([name, value]) => `${name}=${value}`).join("&");
  const lines = names.map((name) => `${name}:${headers.get(name) ?? ""}\n`).join("");
  return [request.method, path, canonicalQuery, lines, names.join(";"), payloadHash].join("\n");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Names in lowercase, values trimmed; a header sent twice has its values joined by commas. */
export function headersOf({ rawHeaders }: RawRequest): Map<string, string> {
  const headers = new Map<string, string>();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = String(rawHeaders[at]).toLowerCase();
    const value = String(rawHeaders[at + 1]).trim();
    const earlier = headers.get(name);
    headers.set(name, earlier === undefined ? value : `${earlier},${value}`);
  }
  return headers;
}

/** Every parameter of the query and of a form body, decoded. The first of two with one name counts. */
export function parametersOf(request: RawRequest): Map<string, string> {
  const [, query = ""] = splitOnce(request.url, "?");
  const type = headersOf(request).get("content-type") ?? "";
  const form = type.startsWith("application/x-www-form-urlencoded") ? request.body.toString("latin1") : "";
  const parameters = new Map<string, string>();
  for (const [name, value] of [...rawPairs(query), ...rawPairs(form)]) {
    const text = name.toString();
    if (!parameters.has(text)) parameters.set(text, value.toString());
  }
  return parameters;
}

function rawPairs(text: string): [name: Buffer, value: Buffer][] {
  const parts = text.split("&").filter((part) => part !== "");
  return parts.map((part) => {
    const [name = "", value = ""] = splitOnce(part, "=");
    return [decode(name), decode(value)];
  });
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** Undoes the encoding of forms and queries. What is no escape stays as it is. */
function decode(text: string): Buffer {
  const bytes = text
    .replaceAll("+", " ")
    .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1");
}

/** RFC 3986: each byte but `A-Za-z0-9-_.~` becomes an escape. */
const encoded = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return /[A-Za-z0-9\-_.~]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
});

function encode(bytes: Buffer): string {
  let text = "";
  for (const byte of bytes) text += encoded[byte];
  return text;
}
