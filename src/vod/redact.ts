const mask = "***";

/** Values of these names are secret wherever they stand: headers, query strings, JSON, config files. */
const secretNames =
  "access[-_]?key[-_]?(?:id|secret)|secret(?:[-_]?access)?[-_]?key|(?:security|sts|bearer|access|refresh|id|oidc)[-_]?token|private[-_]?key|password|(?:proxy-)?authorization|credential|signature(?![-_]?(?:nonce|method|version|type))";

const rules: readonly (readonly [RegExp, string])[] = [
  // The service echoes what it wanted signed, access key id and token included (vod-facts §4).
  [/(string\s*to\s*sign|canonical\s*request).+/is, `$1 ${mask}`],
  [/\bLTAI[A-Za-z0-9]{8,}/g, mask],
  [/\bSTS\.[A-Za-z0-9]{8,}/g, mask],
  [/\bCAIS[A-Za-z0-9+/=_-]{16,}/g, mask],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9+/=._~-]{6,}/gi, `$1 ${mask}`],
  [/(\/\/)[^/\s]+@/g, `$1${mask}@`],
  [
    new RegExp(
      `("?\\b(?:x-acs-)?(?:${secretNames})"?\\s*[:=]\\s*)(?:"(?:[^"\\\\]|\\\\.)*"|'[^']*'|[^\\s,;&"'}\\]]+)`,
      "gi",
    ),
    `$1${mask}`,
  ],
];

const shortestSecret = 6;

/**
 * Text without access key ids, secrets and tokens, for logs and messages: the given secrets wherever they stand, and
 * whatever has the form or the name of one.
 */
export function redact(text: string, secrets: readonly (string | undefined)[] = []): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret && secret.length >= shortestSecret) clean = clean.replaceAll(secret, mask);
  }
  for (const [pattern, replacement] of rules) clean = clean.replace(pattern, replacement);
  return clean;
}
