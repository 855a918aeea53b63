/** A value as a tree that opens and closes. Children are made when they are first seen. */
import { h, plain } from "./dom.ts";
import type { TreeNode } from "./protocol.ts";
import { say, words } from "./words.ts";

/** So many children are made at once; a button makes the next. */
const page = 100;
/** A tree with no more values than this stands open… */
const small = 60;
/** …and one with no more than this needs no search. */
const tiny = 12;

/** The tree with a search box, when it is big enough to need one. `copy` copies the whole of it. */
export function makeTree(root: TreeNode, copy: () => void): HTMLElement {
  const size = sizeOf(root);
  const holder = h("div", { class: "json" });
  const found = h("output");
  const draw = () => {
    const query = search.value.toLowerCase();
    const keep = new Set<TreeNode>();
    const hits = query ? find(root, query, keep) : 0;
    holder.replaceChildren(...(root.items ? children(root, keep, size <= small) : [makeNode(root, keep, false)]));
    found.textContent = query && say("matches", hits);
  };
  const search = h("input", { type: "search", placeholder: words.search, "aria-label": words.search, input: draw });
  draw();
  const button = h("button", { class: "quiet", click: copy }, words.copy);
  return h("div", {}, holder, h("div", { class: "tools" }, button, size > tiny && search, found));
}

/** Gathers the values that contain `query` in key or text, and all that hold such; gives how many contain it. */
function find(node: TreeNode, query: string, keep: Set<TreeNode>): number {
  const here = `${node.key}\n${node.text}`.toLowerCase().includes(query) ? 1 : 0;
  const hits = (node.items ?? []).reduce((sum, item) => sum + find(item, query, keep), here);
  if (hits > 0) keep.add(node);
  return hits;
}

/** `keep`: when there are any, only these. */
function children({ items = [] }: TreeNode, keep: Set<TreeNode>, open: boolean): HTMLElement[] {
  const wanted = keep.size > 0 ? items.filter((item) => keep.has(item)) : items;
  const make = (from: number): HTMLElement[] => {
    const made = wanted.slice(from, from + page).map((item) => makeNode(item, keep, open));
    const left = wanted.length - from - page;
    const next = () => more.replaceWith(...make(from + page));
    const more = h("button", { class: "link", click: next }, say("more", left));
    return left > 0 ? [...made, more] : made;
  };
  return make(0);
}

function makeNode(node: TreeNode, keep: Set<TreeNode>, open: boolean): HTMLElement {
  const { key, kind, text, note, items, closed } = node;
  const line = [
    !!key && h("b", {}, plain(key, 1000), ":"),
    h("span", { class: kind }, plain(text, 1e5)),
    !!note && h("small", {}, note),
  ];
  if (!items) return h("div", {}, ...line);
  const details = h("details", { open: (open && !closed) || keep.size > 0 }, h("summary", {}, ...line));
  details.addEventListener("toggle", () => {
    if (!details.children[1]) details.append(...children(node, keep, open));
  });
  return details;
}

function sizeOf({ items = [] }: TreeNode): number {
  return items.reduce((sum, item) => sum + sizeOf(item), 1);
}
