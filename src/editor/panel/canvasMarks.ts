import type { Drawing, Mark, Painting } from "../../panel/protocol.ts";

/** A drawing as a canvas takes it: the page that paints it need know nothing of how marks are meant. */
export function canvasMarks({ width, height, marks }: Drawing): Painting {
  const strokes = ({ d, text, x, y, size, bold, end, turned, fill, stroke, line, dash }: Mark) => ({
    style: {
      fillStyle: fill ?? "#0000",
      strokeStyle: stroke ?? "#0000",
      lineWidth: line ?? 1,
      ...(text !== undefined && { font: `${bold ? 600 : 400} ${size}px system-ui`, textAlign: end ? "end" : "start" }),
    },
    dash: dash ?? [],
    ...(d !== undefined && { d }),
    ...(text !== undefined && { text, x, y }),
    ...(turned && { turned }),
  });
  return { width, height, marks: marks.map(strokes) };
}
