import { l10n } from "vscode";
import type { TreeNode } from "../../panel/protocol.ts";
import type { Decoded } from "../../workflow/embedded.ts";

/** A decoded value as the page draws it: what limits left off is said, not hidden. */
export function treeNode(value: Decoded, key = ""): TreeNode {
  switch (value.kind) {
    case "object":
    case "array": {
      const entries = value.kind === "object" ? value.entries : value.items.map((item, at) => [`${at}`, item] as const);
      const items = entries.map(([name, child]) => treeNode(child, name));
      if (value.truncated) items.push(cut(l10n.t("{0} more are not shown", value.truncated)));
      const text = value.kind === "object" ? `{${entries.length}}` : `[${entries.length}]`;
      return { key, kind: value.kind, text, items };
    }
    case "string": {
      const notes = [
        value.undecoded && l10n.t("JSON too deep to decode"),
        value.truncated && l10n.t("{0} more characters are not shown", value.truncated),
      ].filter(Boolean);
      return { key, kind: "string", text: value.value, ...(notes.length > 0 && { note: notes.join(" · ") }) };
    }
    case "number":
      return { key, kind: "number", text: value.text };
    case "boolean":
      return { key, kind: "boolean", text: String(value.value) };
    case "null":
      return { key, kind: "null", text: "null" };
  }
}

function cut(note: string): TreeNode {
  return { key: "", kind: "cut", text: "", note };
}
