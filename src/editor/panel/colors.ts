/** Red, green and blue from 0 to 255, and opacity from 0 to 1. */
type Color = readonly [red: number, green: number, blue: number, alpha: number];

/**
 * A color as computed style writes it (`rgb(…)`, `rgba(…)`, `color(srgb …)`, `#rrggbb`) as an opaque `#rrggbb`, laid over
 * another: what every program that reads SVG understands. Anything else is black.
 */
export function opaque(css: string, over = "#ffffff"): string {
  const [red, green, blue, alpha] = parse(css);
  return alpha >= 1 ? hex([red, green, blue]) : mix(hex([red, green, blue]), over, alpha);
}

/** So much of one opaque color and the rest of another; `share` from 0 to 1. */
export function mix(color: string, other: string, share: number): string {
  const [a, b] = [parse(color), parse(other)];
  return hex([0, 1, 2].map((part) => a[part]! * share + b[part]! * (1 - share)));
}

function parse(css: string): Color {
  const digits = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(css);
  if (digits) return [1, 2, 3].map((part) => Number.parseInt(digits[part]!, 16)).concat(1) as unknown as Color;
  const numbers = (css.match(/-?[\d.]+(?:e-?\d+)?/g) ?? []).map(Number);
  const scale = css.startsWith("color(srgb") ? 255 : 1;
  const [red = 0, green = 0, blue = 0, alpha = 1] = numbers;
  return [red * scale, green * scale, blue * scale, alpha];
}

function hex(parts: readonly number[]): string {
  const two = (part: number) =>
    Math.round(Math.min(255, Math.max(0, part)))
      .toString(16)
      .padStart(2, "0");
  return `#${parts.map(two).join("")}`;
}
