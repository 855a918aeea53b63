/** The few means by which the page is made: elements, texts of strangers, icons. No markup is ever parsed. */

type Child = Node | string | false | undefined;
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

/** An element of the page's frame. */
export const byId = (id: string): HTMLElement => document.getElementById(id)!;

/** An HTML element. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = set(document.createElement(tag), attributes);
  element.append(...children.filter((child) => child !== undefined && child !== false));
  return element;
}

/** An SVG element. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  const element = set(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes);
  element.append(...children.filter((child) => child !== undefined && child !== false));
  return element;
}

/** A decoration that stylesheets give its shape. */
export function icon(name: string): HTMLElement {
  return h("i", { class: `icon ${name}`, "aria-hidden": "true" });
}

/** A button with an icon and a spoken name. */
export function iconButton(name: string, label: string, click: (event: MouseEvent) => void): HTMLButtonElement {
  return h("button", { class: "quiet", "aria-label": label, title: label, click }, icon(name));
}

/** Writes a text where it differs: most writes of a redrawn row change nothing. */
export function write(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
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

/** The width of a text in the font of the labels, pixels. */
export const textWidth = (() => {
  let context: CanvasRenderingContext2D | null | undefined;
  const widths = new Map<string, number>();
  return (text: string): number => {
    if (!context) {
      context = document.createElement("canvas").getContext("2d")!;
      context.font = `12px ${getComputedStyle(document.body).fontFamily}`;
    }
    let width = widths.get(text);
    if (width === undefined) {
      if (widths.size > 5000) widths.clear();
      width = context.measureText(text).width;
      widths.set(text, width);
    }
    return width;
  };
})();
