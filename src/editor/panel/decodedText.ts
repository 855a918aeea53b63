import type { TreeNode } from "../../panel/protocol.ts";

/** A decoded value as readable JSON: numbers with all their digits, repeated keys as they came, JSON in strings opened. */
export function decodedText({ kind, text, items = [] }: TreeNode, indent = ""): string {
  const inner = `${indent}  `;
  const block = (open: string, lines: readonly string[], close: string) =>
    lines.length === 0 ? open + close : `${open}\n${inner}${lines.join(`,\n${inner}`)}\n${indent}${close}`;
  const whole = items.filter((item) => item.kind !== "cut");
  switch (kind) {
    case "object": {
      const lines = whole.map((item) => `${JSON.stringify(item.key)}: ${decodedText(item, inner)}`);
      return block("{", lines, "}");
    }
    case "array":
      return block(
        "[",
        whole.map((item) => decodedText(item, inner)),
        "]",
      );
    case "string":
      return JSON.stringify(text);
    default:
      return text;
  }
}
