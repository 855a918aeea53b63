const disc = "M8 1a7 7 0 1 0 0 14a7 7 0 1 0 0-14z";

/**
 * The shapes of statuses and buttons, cut out of squares of 16 pixels by the even-odd rule. Every part begins at an
 * absolute place and goes on relative to it.
 */
export const shapes = {
  ring: `${disc}M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1 0-11z`,
  succeeded: `${disc}M4.2 8.2l1.1-1.1l1.9 1.8l3.6-3.7l1.1 1.1l-4.7 4.8z`,
  failed: `${disc}M5.6 4.6l2.4 2.4l2.4-2.4l1 1l-2.4 2.4l2.4 2.4l-1 1l-2.4-2.4l-2.4 2.4l-1-1l2.4-2.4l-2.4-2.4z`,
  running: "M8 1a7 7 0 1 1-7 7h2a5 5 0 1 0 5-5z",
  canceled: `${disc}M4.2 5.3a5 5 0 0 0 6.5 6.5zM5.3 4.2a5 5 0 0 1 6.5 6.5z`,
  skipped: `${disc}M4.5 4.5l3.5 3.5l-3.5 3.5zM8 4.5l3.5 3.5l-3.5 3.5z`,
  unknown: "M8 1l7.5 13.5h-15zM7.2 6v4.5h1.6v-4.5zM7.2 11.5v1.6h1.6v-1.6z",
  refresh: "M8 2a6 6 0 0 1 4.5 2v-2h1.5v5h-5v-1.5h2.7a4.5 4.5 0 1 0 .8 2.5h1.5a6 6 0 1 1-6-6z",
  more: "M2 6.5h3v3h-3zM6.5 6.5h3v3h-3zM11 6.5h3v3h-3z",
  copy: "M5 1h9v10h-3v4h-9v-10h3zM6.4 2.4v2.6h4.6v4.6h1.6v-7.2zM3.4 6.4v7.2h6.2v-7.2z",
  close: "M4.1 3l3.9 3.9l3.9-3.9l1.1 1.1l-3.9 3.9l3.9 3.9l-1.1 1.1l-3.9-3.9l-3.9 3.9l-1.1-1.1l3.9-3.9l-3.9-3.9z",
} as const;

/** The shape of a phase, its upper left corner at `x`, `y`. */
export function shapeAt(phase: string, x: number, y: number): string {
  const shape = phase in shapes ? shapes[phase as keyof typeof shapes] : shapes.ring;
  return shape.replace(/M([\d.]+) ([\d.]+)/g, (_, left, top) => `M${Number(left) + x} ${Number(top) + y}`);
}
