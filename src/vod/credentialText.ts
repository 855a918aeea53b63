/**
 * Whether a key, its secret or its token can be sent: all are visible ASCII. Anything else, a space or a mark without
 * width say, was copied along and fits into no header.
 */
export function isSendable(part: string): boolean {
  return /^[\x21-\x7e]*$/.test(part);
}
