import type { Decoded } from "../../workflow/embedded.ts";

/** A decoded value as readable JSON: numbers with all their digits, repeated keys as they came, JSON in strings opened. */
export function decodedText(value: Decoded, indent = ""): string {
  const inner = `${indent}  `;
  const block = (open: string, lines: readonly string[], close: string) =>
    lines.length === 0 ? open + close : `${open}\n${inner}${lines.join(`,\n${inner}`)}\n${indent}${close}`;
  switch (value.kind) {
    case "object": {
      const lines = value.entries.map(([key, entry]) => `${JSON.stringify(key)}: ${decodedText(entry, inner)}`);
      return block("{", lines, "}");
    }
    case "array":
      return block(
        "[",
        value.items.map((item) => decodedText(item, inner)),
        "]",
      );
    case "string":
      return JSON.stringify(value.value);
    case "number":
      return value.text;
    case "boolean":
      return String(value.value);
    case "null":
      return "null";
  }
}
