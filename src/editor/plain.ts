/**
 * Text of the service made safe for a message: one line, no control or bidirectional characters, bounded, and without
 * links: of `[text](command:…)` in a notification the editor makes one that runs the command.
 */
export function plain(text: string, most = 200): string {
  const line = text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ")
    .replace(/\s+/g, " ")
    .replaceAll("](", "] (")
    .trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}
