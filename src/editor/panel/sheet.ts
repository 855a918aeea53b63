import type { Drawing, Mark } from "../../panel/protocol.ts";
import { mix, opaque } from "./colors.ts";
import { shapeAt } from "./shapes.ts";

/** How a box or a line is drawn, beside its place. */
export type Pen = Pick<Mark, "fill" | "stroke" | "line" | "dash">;

/** Marks gathered for a drawing, in the colors of a theme. */
export class Sheet {
  readonly #palette: Readonly<Record<string, string>>;
  readonly #marks: Mark[] = [];
  /** High contrast: outlines instead of fills, as the page has it there. Such themes leave no color between text and back. */
  readonly outlined: boolean;

  constructor(palette: Readonly<Record<string, string>>) {
    this.#palette = palette;
    this.outlined = palette.line !== undefined && palette.line === palette.fg;
  }

  /** The color of a role, opaque. */
  color(role: string): string {
    const under = opaque(this.#palette.bg ?? "");
    return role === "bg" ? under : opaque(this.#palette[role] ?? this.#palette.fg ?? "", under);
  }

  /** So much of a color over the background; in high contrast the background alone. */
  tint(color: string, share: number): string {
    return this.outlined ? this.color("bg") : mix(color, this.color("bg"), share);
  }

  box(x: number, y: number, width: number, height: number, pen: Pen): void {
    this.line(`M${round(x)} ${round(y)}h${round(width)}v${round(height)}h${-round(width)}z`, pen);
  }

  line(d: string, pen: Pen): void {
    this.#marks.push({ d, ...pen });
  }

  shape(phase: string, x: number, y: number): void {
    this.#marks.push({ d: shapeAt(phase, x, y), fill: this.color(phase) });
  }

  drawText(text: string, x: number, y: number, role: string, style: Partial<Mark> = {}): void {
    if (text) this.#marks.push({ text, x: round(x), y: round(y), size: 12, fill: this.color(role), ...style });
  }

  /** Stripes within a box: failure must not be told by color alone. */
  stripes(x: number, y: number, width: number, height: number, stroke: string): void {
    let d = "";
    for (let at = 6; at < width + height; at += 9) {
      const [top, bottom] = [Math.min(at, width), Math.max(0, at - height)];
      d += `M${round(x + top)} ${round(y + at - top)}L${round(x + bottom)} ${round(y + at - bottom)}`;
    }
    this.line(d, { stroke, line: 3 });
  }

  drawing(width: number, height: number): Drawing {
    const size = { width: Math.ceil(width), height: Math.ceil(height) };
    return {
      ...size,
      marks: [{ d: `M0 0h${size.width}v${size.height}h-${size.width}z`, fill: this.color("bg") }, ...this.#marks],
    };
  }
}

/** About how wide a text is; what is no Latin is taken for twice as wide. */
export function textWidth(text: string, size: number): number {
  return text.replace(/[^\0-\u02ff]/g, "mm").length * size * 0.58;
}

/** As much of a text as fits. */
export function clip(text: string, width: number, size: number): string {
  const most = Math.max(1, Math.floor(width / (size * 0.58)));
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** What files need of a length in pixels. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
