import { l10n } from "vscode";
import type { Drawing, Exposure, JobHeader, Mark, ViewActivity } from "../../panel/protocol.ts";
import { formatUtc, oneLine } from "../../workflow/format.ts";
import { fitView, makeTicks, type TimeAxis, xOf } from "../../workflow/timeScale.ts";
import { mix, opaque } from "./colors.ts";
import { lengthText, offsetText } from "./lengths.ts";
import type { RunView } from "./runView.ts";
import { shapeAt } from "./shapes.ts";

const margin = 16;
const rowHeight = 28;
/** Cards beyond this many are not drawn: no program would show such a picture. */
const mostCards = 1000;

/** What stands above every picture. */
export interface PictureHead {
  readonly header: JobHeader;
  readonly banner: string | null;
  /** The host's clock, milliseconds since 1970. */
  readonly now: number;
}

/** The run as the page shows it, as a drawing that becomes an SVG or PNG file. */
export function drawRun(run: RunView, head: PictureHead, exposure: Exposure): Drawing {
  const picture = new Picture(run, head, exposure);
  switch (exposure.view) {
    case "timeline":
      return picture.timeline();
    case "steps":
      return picture.steps();
    case "table":
      return picture.table();
  }
}

class Picture {
  readonly #run: RunView;
  readonly #now: number;
  readonly #exposure: Exposure;
  readonly #rows: readonly ViewActivity[];
  readonly #places: ReadonlyMap<string, number>;
  readonly #marks: Mark[] = [];
  readonly #width: number;
  /** Where what is drawn next begins, pixels from the top. */
  #top: number;

  constructor(run: RunView, { header, banner, now }: PictureHead, exposure: Exposure) {
    this.#run = run;
    this.#now = now;
    this.#exposure = exposure;
    const byName = new Map(run.activities.map((activity) => [activity.name, activity]));
    this.#rows = exposure.names.flatMap((name) => byName.get(name) ?? []);
    this.#places = new Map(this.#rows.map(({ name }, place) => [name, place]));
    this.#width = Math.max(480, Math.min(4000, Math.round(exposure.width)));
    this.#marks.push({ d: shapeAt(header.phase, margin, 14), fill: this.#color(header.phase) });
    this.#text(oneLine(header.title, 120), 40, 27, "fg", { size: 15, bold: true });
    const length = header.from !== undefined && lengthText((header.live ? now : (header.to ?? now)) - header.from);
    this.#text([header.standing, length, header.about].filter(Boolean).join(" · "), 40, 46, "muted");
    if (banner) this.#text(oneLine(banner, 200), 40, 66, "failed");
    this.#top = banner ? 80 : 60;
  }

  timeline(): Drawing {
    const { selected, time } = this.#exposure;
    const axis = this.#run.axis(this.#now);
    const widest = Math.max(...this.#rows.map(({ name }) => textWidth(oneLine(name, 60), 13)), 90);
    const left = Math.min(widest + 56, this.#width * 0.4);
    const room = this.#width - left - 60;
    const view = time ?? fitView(axis, room);
    const xAt = (at: number) => left + 8 + Math.max(-8, Math.min(room + 8, xOf(axis, view, at)));
    const end = (row: ViewActivity) => row.to ?? (row.from === undefined ? undefined : Math.max(row.from, this.#now));
    const top = this.#top + rowHeight;
    const bottom = top + this.#rows.length * rowHeight;

    this.#rule(this.#top + rowHeight - 0.5);
    this.#text(l10n.t("Activity"), margin, this.#top + 18, "muted", { size: 11 });
    for (const { time: at, offset } of makeTicks(axis, view, room)) {
      this.#marks.push({ d: `M${round(xAt(at))} ${top}V${bottom}`, stroke: this.#color("faint") });
      this.#text(offsetText(offset), xAt(at) + 3, this.#top + 18, "muted", { size: 11 });
    }
    this.#folds(axis, xAt, top, bottom);

    this.#rows.forEach((row, place) => {
      const y = top + place * rowHeight;
      if (row.name === selected)
        this.#box(0, y, this.#width, rowHeight, mix(this.#color("fg"), this.#color("bg"), 0.1));
    });
    this.#rows.forEach((row, place) => {
      const binding = row.after?.find((link) => link.binding);
      const other = binding ? this.#places.get(binding.from) : undefined;
      const before = other === undefined ? undefined : end(this.#rows[other]!);
      if (before === undefined || row.from === undefined) return;
      const [x1, x2] = [xAt(before), xAt(row.from)];
      const turn = Math.min(x1, x2 - 8);
      const y2 = top + place * rowHeight + 14;
      const y1 = top + other! * rowHeight + 22;
      const lead = x1 > turn ? `M${round(x1)} ${y1}v3H${round(turn)}` : `M${round(x1)} ${y1}`;
      this.#marks.push({
        d: `${lead}V${y2}H${round(x2 - 4)}`,
        stroke: this.#color("line"),
        ...dashOf(binding!.evidence),
      });
    });
    this.#rows.forEach((row, place) => {
      const y = top + place * rowHeight;
      this.#marks.push({ d: shapeAt(row.phase, margin, y + 6), fill: this.#color(row.phase) });
      this.#text(clip(oneLine(row.name, 60), left - 56, 13), 40, y + 18.5, "fg", { size: 13 });
      const to = end(row);
      const from = row.from === undefined ? left + 8 : xAt(row.from);
      this.#bar(row, from, to === undefined ? from : Math.max(from + 4, xAt(to)), y + 6, left + room + 52);
    });
    return this.#drawing(bottom + margin);
  }

  steps(): Drawing {
    const { width, height, cardWidth, cardHeight, names, x, y, edges } = this.#run.steps();
    const byName = new Map(this.#run.activities.map((activity) => [activity.name, activity]));
    const top = this.#top + margin;
    for (const { points, evidence } of edges.slice(0, 4 * mostCards)) {
      let d = `M${points[0]! + margin} ${points[1]! + top}`;
      for (let at = 2; at < points.length; at += 2) {
        const [x0, y0, x1, y1] = [points[at - 2]!, points[at - 1]!, points[at]!, points[at + 1]!];
        const bend = Math.max(30, Math.abs(x1 - x0) / 2);
        d += `C${x0 + bend + margin} ${y0 + top} ${x1 - bend + margin} ${y1 + top} ${x1 + margin} ${y1 + top}`;
      }
      this.#marks.push({ d, stroke: this.#color("line"), ...dashOf(evidence) });
      const [endX, endY] = [points.at(-2)! + margin, points.at(-1)! + top];
      this.#marks.push({ d: `M${endX} ${endY}l-7-4v8z`, fill: this.#color("line") });
    }
    names.slice(0, mostCards).forEach((name, at) => {
      const row = byName.get(name)!;
      const [left, up] = [x[at]! + margin, y[at]! + top];
      const color = this.#color(row.phase);
      const line = name === this.#exposure.selected ? 2 : 1;
      this.#box(left, up, cardWidth, cardHeight, mix(color, this.#color("bg"), 0.1), color, line);
      this.#marks.push({ d: shapeAt(row.phase, left + 10, up + 15), fill: color });
      this.#text(clip(oneLine(name, 60), cardWidth - 46, 13), left + 36, up + 20, "fg", { size: 13 });
      this.#text(clip(oneLine(row.kind, 60), 100, 11), left + 36, up + 36, "muted", { size: 11 });
      this.#text(row.shape === "bar" ? barLength(row) : "—", left + cardWidth - 10, up + 36, "muted", {
        size: 11,
        end: true,
      });
    });
    return this.#drawing(top + height + margin, Math.max(this.#width, width + 2 * margin));
  }

  table(): Drawing {
    const width = this.#width - 2 * margin;
    const columns: readonly (readonly [title: string, share: number, text: (row: ViewActivity) => string])[] = [
      [l10n.t("Activity"), 0.26, ({ name }) => oneLine(name, 80)],
      [l10n.t("Type"), 0.18, ({ kind }) => oneLine(kind, 80)],
      [l10n.t("Status"), 0.14, ({ word }) => oneLine(word, 40)],
      [l10n.t("Started (UTC)"), 0.12, ({ from }) => (from === undefined ? "—" : formatUtc(from))],
      [l10n.t("Duration"), 0.12, (row) => (row.shape === "bar" ? barLength(row) : "—")],
      [
        l10n.t("Runs after"),
        0.18,
        ({ after = [] }) => oneLine((after.find((link) => link.binding) ?? after[0])?.from ?? "—", 80),
      ],
    ];
    this.#rule(this.#top + rowHeight - 0.5);
    let x = margin;
    for (const [title, share, text] of columns) {
      this.#text(title, x, this.#top + 18, "muted");
      this.#rows.forEach((row, place) => {
        const y = this.#top + (place + 1) * rowHeight;
        const icon = title === l10n.t("Status") ? 20 : 0;
        if (icon) this.#marks.push({ d: shapeAt(row.phase, x, y + 6), fill: this.#color(row.phase) });
        this.#text(clip(text(row), share * width - 12 - icon, 12), x + icon, y + 18, "fg");
      });
      x += share * width;
    }
    const bottom = this.#top + (this.#rows.length + 1) * rowHeight;
    for (let y = this.#top + 2 * rowHeight; y <= bottom; y += rowHeight) this.#rule(y - 0.5, "faint");
    return this.#drawing(bottom + margin);
  }

  #bar(row: ViewActivity, from: number, to: number, y: number, last: number): void {
    const color = this.#color(row.phase);
    if (row.shape === "point") {
      const d = `M${round(from - 4)} ${y + 8}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z`;
      this.#marks.push({ d, stroke: color, line: 2, fill: this.#color("bg") });
    } else if (row.shape !== "none") {
      this.#box(from, y, to - from, 16, mix(color, this.#color("bg"), 0.32), color);
      if (row.phase === "failed") this.#stripes(from, y, to - from, 16, mix(color, this.#color("bg"), 0.62));
    }
    const word = row.phase === "succeeded" || row.phase === "running" ? "" : oneLine(row.word, 40);
    const length = row.shape === "bar" ? barLength(row) : row.missing === "end" ? l10n.t("end not reported") : "";
    const text = [word, length, row.remark].filter(Boolean).join(" · ");
    const wide = textWidth(text, 12) + 8;
    if (to - from > wide + 12) {
      this.#box(
        from + 6,
        y + 1.5,
        wide,
        13,
        row.phase === "failed" ? this.#color("bg") : mix(color, this.#color("bg"), 0.32),
      );
      this.#text(text, from + 10, y + 12, "fg");
    } else if (to + 6 + wide < last) this.#text(text, to + 8, y + 12, "muted");
    else this.#text(text, from - 8, y + 12, "muted", { end: true });
  }

  /** Stripes within a box: failure must not be told by color alone. */
  #stripes(x: number, y: number, width: number, height: number, stroke: string): void {
    let d = "";
    for (let at = 6; at < width + height; at += 9) {
      const [top, bottom] = [Math.min(at, width), Math.max(0, at - height)];
      d += `M${round(x + top)} ${round(y + at - top)}L${round(x + bottom)} ${round(y + at - bottom)}`;
    }
    this.#marks.push({ d, stroke, line: 3 });
  }

  #folds({ folds }: TimeAxis, xAt: (at: number) => number, top: number, bottom: number): void {
    for (const { from, to } of folds) {
      this.#box(xAt(from), top, xAt(to) - xAt(from), bottom - top, this.#color("faint"));
    }
  }

  #box(x: number, y: number, width: number, height: number, fill: string, stroke?: string, line?: number): void {
    this.#marks.push({
      d: `M${round(x)} ${round(y)}h${round(width)}v${round(height)}h${-round(width)}z`,
      fill,
      stroke,
      line,
    });
  }

  #rule(y: number, role = "line"): void {
    this.#marks.push({ d: `M0 ${y}H${this.#width}`, stroke: this.#color(role) });
  }

  #text(text: string, x: number, y: number, role: string, style: Pick<Mark, "size" | "bold" | "end"> = {}): void {
    if (text) this.#marks.push({ text, x: round(x), y, size: 12, fill: this.#color(role), ...style });
  }

  #color(role: string): string {
    const { palette } = this.#exposure;
    const under = opaque(palette.bg ?? "");
    return role === "bg" ? under : opaque(palette[role] ?? palette.fg ?? "", under);
  }

  #drawing(height: number, width = this.#width): Drawing {
    const left = this.#run.activities.length - (this.#exposure.view === "steps" ? mostCards : this.#rows.length);
    const size = { width: Math.ceil(width), height: Math.ceil(height) + (left > 0 ? rowHeight : 0) };
    if (left > 0) this.#text(l10n.t("{0} more activities are not in this picture.", left), margin, height + 8, "muted");
    const back: Mark = { d: `M0 0h${size.width}v${size.height}h-${size.width}z`, fill: this.#color("bg") };
    return { ...size, marks: [back, ...this.#marks] };
  }
}

function barLength({ from = 0, to = 0 }: ViewActivity): string {
  return lengthText(to - from);
}

function dashOf(evidence: string): { dash?: number[] } {
  return evidence === "stated" ? {} : { dash: evidence === "by definition" ? [4, 3] : [1, 3] };
}

/** About how wide a text is; what is no Latin is taken for twice as wide. */
function textWidth(text: string, size: number): number {
  return text.replace(/[^\0-\u02ff]/g, "mm").length * size * 0.58;
}

function clip(text: string, width: number, size: number): string {
  const most = Math.max(1, Math.floor(width / (size * 0.58)));
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
