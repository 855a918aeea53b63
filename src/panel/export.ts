/** The view as a picture: the host draws it, for it keeps the data; the page tells what shows, and paints the PNG. */
import { choice, send } from "./app.ts";
import * as board from "./board.ts";
import { byId } from "./dom.ts";
import { type Drawing, type Exposure, phases } from "./protocol.ts";

/** No more rows than this are drawn. */
const mostRows = 500;

/** Tells the host what shows, and in which colors. */
export function expose(format: Exposure["format"]): void {
  const probe = byId("live");
  const color = (role: string): string => {
    probe.className = role;
    probe.style.color = `var(--${phases.includes(role as "failed") ? "c" : role})`;
    return getComputedStyle(probe).color;
  };
  const roles = ["fg", "bg", "muted", "line", "faint", ...phases];
  const palette = Object.fromEntries(roles.map((role) => [role, color(role)]));
  probe.className = "";
  const { view, selected, time } = choice;
  const names = board.shown.slice(0, mostRows).map(({ name }) => name);
  const width = byId("stage").clientWidth;
  send({ type: "expose", exposure: { format, view, names, selected, time, width, palette } });
}

/** Paints a drawing, twice as fine, and sends it. */
export function paint({ width, height, marks }: Drawing): void {
  const canvas = document.createElement("canvas");
  canvas.width = width * 2;
  canvas.height = height * 2;
  const context = canvas.getContext("2d")!;
  context.scale(2, 2);
  for (const { d, text, x, y, size, bold, end, fill, stroke, line, dash } of marks) {
    Object.assign(context, {
      fillStyle: fill ?? "#0000",
      strokeStyle: stroke ?? "#0000",
      lineWidth: line ?? 1,
      font: `${bold ? 600 : 400} ${size}px system-ui`,
      textAlign: end ? "end" : "start",
    });
    context.setLineDash(dash ?? []);
    const path = new Path2D(d);
    context.fill(path, "evenodd");
    context.stroke(path);
    if (text) context.fillText(text, x!, y!);
  }
  send({ type: "png", data: canvas.toDataURL() });
}
