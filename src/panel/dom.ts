/** The few means by which the page is made: elements, texts of strangers, icons. No markup is ever parsed. */

/** What an element can hold; nothing where there is nothing. */
export type Child = Node | string | false | undefined;
type Attributes = Readonly<Record<string, string | number | boolean | undefined | ((event: never) => void)>>;

/** Sets attributes; a function becomes a listener, `true` an empty attribute, `false` and `undefined` take it away. */
export function set<E extends Element>(element: E, attributes: Attributes): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value as EventListener);
    else if (value === undefined || value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : `${value}`);
  }
  return element;
}

/** The class of lines for a kind of evidence. */
export const linkClass = (evidence: string): string => evidence.replace(" ", "-");

/** An element of the page's frame. */
export const byId = (id: string): HTMLElement => document.getElementById(id)!;

type E = HTMLElement;
/** The elements of a copy of a template, itself first; as many as the largest template has. */
export type Parts = readonly [E, E, E, E, E, E, E, E, E, E, E, E];

/** A copy of a template of the page's frame. */
export function clone(id: string): Parts {
  const { content } = byId(`${id}-form`) as HTMLTemplateElement;
  const element = content.querySelector("[role], tr")!.cloneNode(true) as E;
  return [element, ...element.querySelectorAll("*")] as unknown as Parts;
}

function fill<T extends Element>(element: T, attributes: Attributes, children: readonly Child[]): T {
  set(element, attributes).append(...children.filter((child) => child !== undefined && child !== false));
  return element;
}

/** An HTML element. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), attributes, children);
}

/** An SVG element. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

/** Gathers lines that look alike into one path each; what is `hot` is drawn last. */
export function makePaths() {
  const paths: Record<string, string> = {};
  return {
    add(kind: string, d: string): void {
      paths[kind] = (paths[kind] ?? "") + d;
    },
    /** Draws them, with what else there is, where others were; what is there already stays. */
    drawIn(parent: Element & { drawn?: string }, ...others: readonly Element[]): void {
      const all = Object.entries(paths).sort(([a], [b]) => Number(a.endsWith("hot")) - Number(b.endsWith("hot")));
      const drawn = `${all}${others.map((one) => one.outerHTML)}`;
      if (parent.drawn !== drawn) {
        parent.replaceChildren(...all.map(([kind, d]) => svg("path", { class: kind, d })), ...others);
      }
      parent.drawn = drawn;
    },
  };
}

/** A decoration that stylesheets give its shape. */
export function icon(name: string): HTMLElement {
  return h("i", { class: `icon ${name}`, "aria-hidden": "true" });
}

/** Writes a text where it differs: most writes of a redrawn row change nothing. An element keeps its text node. */
export function write(element: Element, text: string): void {
  const node = element.firstChild as Text | null;
  if (!node) element.textContent = text;
  else if (node.data !== text) node.data = text;
}

/**
 * A text of the service as it may be shown: control characters and the marks that turn the reading direction become
 * visible, and what is longer than `most` characters is cut.
 */
export function plain(text: string, most = 300): string {
  const cut = text.length > most ? `${text.slice(0, most)}…` : text;
  return cut
    .replace(/[\0-\x1f]/g, (mark) => String.fromCharCode(0x2400 + mark.charCodeAt(0)))
    .replace(
      /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]/gu,
      (mark) => `⟨${mark.charCodeAt(0).toString(16)}⟩`,
    );
}

/** Moves an element to a place in its parent, pixels. */
export function move(element: HTMLElement | SVGElement, x: number, y: number): void {
  element.style.transform = `translate(${x}px,${y}px)`;
}

/** About how wide a text is in the font of the labels, pixels; what is no Latin is taken for twice as wide. */
export function textWidth(text: string): number {
  return text.replace(/[^\0-\u02ff]/g, "mm").length * 6.8;
}
