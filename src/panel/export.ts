/** The view as a picture: the host draws it, for it keeps the data; the page tells what shows, and paints the PNG. */
import { choice, send } from "./app.ts";
import * as board from "./board.ts";
import { byId } from "./dom.ts";
import { type Exposure, type Painting, phases } from "./protocol.ts";

/** No more rows than this are drawn. */
const mostRows = 500;

/** Tells the host what shows, and in which colors. */
export function expose(format: Exposure["format"], rows = board.shown): void {
  const probe = byId("live");
  const color = (role: string): string => {
    probe.className = role;
    probe.style.color = `var(--${phases.includes(role as "failed") ? "c" : role})`;
    return getComputedStyle(probe).color;
  };
  const roles = ["fg", "bg", "muted", "line", "faint", ...phases];
  const palette = Object.fromEntries(roles.map((role) => [role, color(role)]));
  const { view, selected, time } = choice;
  const names = rows.slice(0, mostRows).map(({ name }) => name);
  const { clientWidth: width } = byId("stage");
  send({ type: "expose", exposure: { format, view, names, selected, time, width, palette } });
}

/** Paints a drawing, twice as fine, and sends it. */
export function paint({ width, height, marks }: Painting): void {
  const canvas = document.createElement("canvas");
  canvas.width = width * 2;
  canvas.height = height * 2;
  const context = canvas.getContext("2d")!;
  for (const { style, dash, d, text, x, y, turned } of marks) {
    context.setTransform(2, 0, 0, 2, 0, 0);
    Object.assign(context, style);
    context.setLineDash(dash);
    const path = new Path2D(d);
    context.fill(path, "evenodd");
    context.stroke(path);
    if (!text) continue;
    context.translate(x!, y!);
    if (turned) context.rotate(-Math.PI / 2);
    context.fillText(text, 0, 0);
  }
  send({ type: "png", data: canvas.toDataURL() });
}
