/** A decoded JSON value as a tree that opens and closes. Children are made when they are first seen. */
import type { Decoded } from "../workflow/embedded.ts";
import { h, plain } from "./dom.ts";
import { say, words } from "./words.ts";

/** So many children are made at once; a button makes the next. */
const page = 100;
/** A tree with no more values than this stands open. */
const small = 60;

/** The tree with a search box, when it is big enough to need one. `copy` copies the whole of it. */
export function makeTree(root: Decoded, copy: () => void): HTMLElement {
  const holder = h("div", { class: "json" });
  const found = h("output");
  const draw = (query: string) => {
    let hits = 0;
    const keep = query ? matching(root, query, () => hits++) : undefined;
    holder.replaceChildren(...children(root, keep, size(root) <= small));
    found.textContent = query ? say("matches", hits) : "";
  };
  const search = h("input", {
    type: "search",
    placeholder: words.search,
    "aria-label": `${words.search}: ${words.result}`,
    input: () => draw(search.value.toLowerCase()),
  });
  draw("");
  const tools = h("div", { class: "tools" }, search, found, h("button", { class: "quiet", click: copy }, words.copy));
  return h("div", {}, tools, holder);
}

/** The values that contain `query` in key or text, and all that hold such. */
function matching(root: Decoded, query: string, hit: () => void): Set<Decoded> {
  const keep = new Set<Decoded>();
  const visit = (value: Decoded, key: string): boolean => {
    const here = `${key}\n${members(value) ? "" : scalar(value)}`.toLowerCase().includes(query);
    if (here) hit();
    const inside = (members(value) ?? []).map(([name, child]) => visit(child, name)).includes(true);
    if (here || inside) keep.add(value);
    return here || inside;
  };
  visit(root, "");
  return keep;
}

function children(value: Decoded, keep: Set<Decoded> | undefined, open: boolean): HTMLElement[] {
  const all = members(value);
  if (!all) return [leaf("", value)];
  const wanted = keep ? all.filter(([, child]) => keep.has(child)) : all;
  const make = (from: number): HTMLElement[] => {
    const made = wanted.slice(from, from + page).map(([key, child]) => node(key, child, keep, open));
    const left = wanted.length - from - page;
    if (left > 0) {
      const more = h(
        "button",
        { class: "quiet", click: () => more.replaceWith(...make(from + page)) },
        say("more", left),
      );
      made.push(more);
    }
    return made;
  };
  const cut = (value as { truncated?: number }).truncated;
  return [...make(0), ...(cut ? [h("small", {}, say("more", cut))] : [])];
}

function node(key: string, value: Decoded, keep: Set<Decoded> | undefined, open: boolean): HTMLElement {
  const all = members(value);
  if (!all) return leaf(key, value);
  const bracket = value.kind === "array" ? `[${all.length}]` : `{${all.length}}`;
  const details = h("details", {}, h("summary", {}, name(key), h("small", {}, bracket)));
  const fill = () => {
    if (details.childElementCount === 1) details.append(...children(value, keep, open));
  };
  details.addEventListener("toggle", fill);
  if (open || keep) {
    details.open = true;
    fill();
  }
  return details;
}

function leaf(key: string, value: Decoded): HTMLElement {
  const notes = value.kind === "string" && [
    value.undecoded && words.undecoded,
    value.truncated && say("cut", value.truncated),
  ];
  return h(
    "div",
    {},
    name(key),
    h("span", { class: value.kind }, plain(scalar(value), 1e5)),
    ...(notes || []).map((note) => !!note && h("small", {}, note)),
  );
}

function name(key: string): HTMLElement | false {
  return key !== "" && h("b", {}, plain(key, 1000), ":");
}

function members(value: Decoded): readonly (readonly [string, Decoded])[] | undefined {
  if (value.kind === "object") return value.entries;
  return value.kind === "array" ? value.items.map((item, index) => [`${index}`, item] as const) : undefined;
}

function scalar(value: Decoded): string {
  switch (value.kind) {
    case "string":
    case "boolean":
      return `${value.value}`;
    case "number":
      return value.text;
    default:
      return "null";
  }
}

function size(value: Decoded): number {
  return (members(value) ?? []).reduce((sum, [, child]) => sum + size(child), 1);
}
