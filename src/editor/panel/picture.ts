import { l10n } from "vscode";
import type { Drawing, Exposure, JobHeader, Link, ViewActivity } from "../../panel/protocol.ts";
import { formatUtc, oneLine } from "../../workflow/format.ts";
import { fitView, makeTicks, xOf } from "../../workflow/timeScale.ts";
import { connectorOf } from "../../workflow/ways.ts";
import { mix } from "./colors.ts";
import { lengthText, offsetText } from "./lengths.ts";
import type { RunView } from "./runView.ts";
import { clip, type Pen, round, Sheet, textWidth } from "./sheet.ts";

const margin = 16;
/** Pixels across: a narrow panel scrolls and cuts off, which a picture cannot take back. */
const [narrowest, widest] = [960, 4000];
/** The most pixels of a column in the table. */
const widestColumn = 360;
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
  readonly #sheet: Sheet;
  #width: number;
  /** Where what is drawn next begins, pixels from the top. */
  readonly #top: number;

  constructor(run: RunView, { header, banner, now }: PictureHead, exposure: Exposure) {
    this.#run = run;
    this.#now = now;
    this.#exposure = exposure;
    this.#sheet = new Sheet(exposure.palette);
    const byName = new Map(run.activities.map((activity) => [activity.name, activity]));
    this.#rows = exposure.names.flatMap((name) => byName.get(name) ?? []);
    this.#places = new Map(this.#rows.map(({ name }, place) => [name, place]));
    const length = header.from !== undefined && lengthText((header.live ? now : (header.to ?? now)) - header.from);
    const line = [header.standing, length, header.about].filter(Boolean).join(" · ");
    const wished = Math.max(Math.round(exposure.width), Math.ceil(40 + textWidth(line, 12) + margin));
    this.#width = Math.max(narrowest, Math.min(widest, wished));
    this.#sheet.shape(header.phase, margin, 14);
    const room = this.#width - 40 - margin;
    this.#sheet.drawText(clip(oneLine(header.title, 120), room, 17), 40, 27, "fg", { size: 15, bold: true });
    this.#sheet.drawText(clip(line, room, 12), 40, 46, "muted");
    if (banner) this.#sheet.drawText(clip(oneLine(banner, 200), room, 12), 40, 66, "failed");
    this.#top = banner ? 80 : 60;
  }

  timeline(): Drawing {
    const sheet = this.#sheet;
    const { selected, time } = this.#exposure;
    const axis = this.#run.axis(this.#now);
    const longest = Math.max(...this.#rows.map(({ name }) => textWidth(oneLine(name, 60), 13)), 90);
    const left = Math.min(longest + 56, this.#width * 0.4);
    const room = this.#width - left - 60;
    const view = time ?? fitView(axis, room);
    const xAt = (at: number) => round(left + 8 + Math.max(-8, Math.min(room + 8, xOf(axis, view, at))));
    const end = (row: ViewActivity) => row.to ?? (row.from === undefined ? undefined : Math.max(row.from, this.#now));
    const top = this.#top + rowHeight;
    const bottom = top + this.#rows.length * rowHeight;

    this.#rule(this.#top + rowHeight - 0.5);
    sheet.drawText(l10n.t("Activity"), margin, this.#top + 18, "muted", { size: 11 });
    const ticks = makeTicks(axis, view, room);
    const offsets = ticks.map(({ offset }) => offsetText(offset));
    // Hours into a run its seconds have no short name: then the clock tells them, as on the page.
    const clock = new Set(offsets).size < offsets.length;
    for (const [place, { time: at }] of ticks.entries()) {
      sheet.line(`M${xAt(at)} ${top}V${bottom}`, { stroke: sheet.color("faint") });
      const text = clock ? formatUtc(at) : offsets[place]!;
      if (xAt(at) + 3 + textWidth(text, 11) > this.#width) continue;
      sheet.drawText(text, xAt(at) + 3, this.#top + 18, "muted", { size: 11 });
    }
    for (const { from, to } of axis.folds) {
      const [x, width] = [xAt(from), xAt(to) - xAt(from)];
      if (width <= 0) continue;
      sheet.box(x, top, width, bottom - top, { fill: sheet.color("faint"), stroke: sheet.color("line"), dash: [2, 4] });
    }
    if (this.#run.live)
      sheet.line(`M${xAt(this.#now)} ${top}V${bottom}`, { stroke: sheet.color("running"), dash: [2, 3] });

    const at = this.#places.get(selected ?? "");
    if (at !== undefined) {
      const y = top + at * rowHeight;
      if (sheet.outlined) sheet.box(0.5, y + 0.5, this.#width - 1, rowHeight - 1, { stroke: sheet.color("fg") });
      else sheet.box(0, y, this.#width, rowHeight, { fill: sheet.tint(sheet.color("fg"), 0.1) });
    }
    const middle = (place: number) => top + place * rowHeight + rowHeight / 2;
    this.#connect((row, link, pen) => {
      const [place, other] = [this.#places.get(row.name)!, this.#places.get(link.from)];
      const before = other === undefined ? undefined : end(this.#rows[other]!);
      if (other === undefined || before === undefined || row.from === undefined) return;
      const [x, y] = [xAt(row.from) - 1, middle(place)];
      sheet.line(connectorOf(xAt(before), middle(other) + (other < place ? 8 : -8), x, y), pen);
      sheet.line(`M${x} ${y}l-5-3v6z`, { fill: pen.stroke });
    });
    this.#rows.forEach((row, place) => {
      const y = top + place * rowHeight;
      sheet.shape(row.phase, margin, y + 6);
      sheet.drawText(clip(oneLine(row.name, 60), left - 56, 13), 40, y + 18.5, "fg", { size: 13 });
      const to = end(row);
      const from = row.from === undefined ? left + 8 : xAt(row.from);
      this.#bar(row, from, to === undefined ? from : Math.max(from + 4, xAt(to)), y + 6, [left, left + room + 52]);
    });
    // Over the lines of the rows, from the bottom up: how long nothing happened.
    for (const { from, to } of axis.folds) {
      if (xAt(to) - xAt(from) <= 13) continue;
      const x = (xAt(from) + xAt(to)) / 2 + 4;
      sheet.drawText(l10n.t("{0} idle", lengthText(to - from)), x, bottom - 6, "muted", { size: 11, turned: true });
    }
    return this.#drawing(bottom + margin);
  }

  steps(): Drawing {
    const sheet = this.#sheet;
    const top = this.#top + margin;
    const { width, height, cardWidth, cardHeight, names, x, y, edges } = this.#run.steps(margin, top);
    const { selected } = this.#exposure;
    const byName = new Map(this.#run.activities.map((activity) => [activity.name, activity]));
    const longest = Math.max(1, ...this.#run.activities.map(lengthOf));
    const drawn = edges.slice(0, 4 * mostCards).map((edge) => ({
      ...edge,
      hot: [names[edge.from], names[edge.to]].includes(selected ?? undefined),
    }));
    for (const { way, head, hot, ...link } of drawn.sort((a, b) => Number(a.hot) - Number(b.hot))) {
      sheet.line(way, this.#pen(link, hot));
      sheet.line(head, { fill: sheet.color(hot ? "fg" : "line") });
    }
    names.slice(0, mostCards).forEach((name, at) => {
      const row = byName.get(name)!;
      const [left, up] = [x[at]!, y[at]!];
      const color = sheet.color(row.phase);
      const line = name === selected ? 3 : sheet.outlined ? 2 : 1;
      const pen = { fill: sheet.tint(color, 0.1), stroke: name === selected ? sheet.color("fg") : color, line };
      sheet.box(left, up, cardWidth, cardHeight, { ...pen, ...(hollow(row) && { dash: [4, 3] }) });
      sheet.box(left + 3, up + cardHeight - 4, ((cardWidth - 8) * lengthOf(row)) / longest, 2, { fill: color });
      sheet.shape(row.phase, left + 10, up + 15);
      sheet.drawText(clip(oneLine(row.name, 60), cardWidth - 46, 13), left + 36, up + 20, "fg", { size: 13 });
      sheet.drawText(clip(oneLine(row.kind, 60), 100, 11), left + 36, up + 36, "muted", { size: 11 });
      const length = row.shape === "point" ? "—" : this.#length(row);
      sheet.drawText(length, left + cardWidth - 10, up + 36, "muted", { size: 11, end: true });
    });
    return this.#drawing(top + height + margin, Math.max(this.#width, width + 2 * margin));
  }

  table(): Drawing {
    const sheet = this.#sheet;
    const clock = (at: number | undefined) => (at === undefined ? "—" : formatUtc(at));
    const ended = ({ shape, missing, to }: ViewActivity) =>
      missing === "end" ? l10n.t("not reported") : clock(shape === "bar" || missing === "start" ? to : undefined);
    const after = ({ after: links = [] }: ViewActivity) => {
      const first = links.find((link) => link.binding) ?? links[0];
      return first ? oneLine(first.from, 80) + (links.length > 1 ? ` +${links.length - 1}` : "") : "—";
    };
    const duration = (row: ViewActivity) =>
      [row.shape === "point" ? "—" : this.#length(row), row.remark].filter(Boolean).join(" · ");
    const read: readonly (readonly [title: string, text: (row: ViewActivity) => string, icon?: number])[] = [
      [l10n.t("Activity"), ({ name }) => oneLine(name, 80)],
      [l10n.t("Type"), ({ kind }) => oneLine(kind, 80)],
      [l10n.t("Status"), ({ word }) => oneLine(word, 40), 20],
      [l10n.t("Started (UTC)"), ({ from, missing }) => clock(missing === "start" ? undefined : from)],
      [l10n.t("Ended (UTC)"), ended],
      [l10n.t("Duration"), duration],
      [l10n.t("Runs after"), after],
    ];
    // Each column as wide as its texts are; what is left is shared out.
    const columns = read.map(([title, text, icon = 0]) => {
      const texts = this.#rows.map(text);
      const long = texts.reduce((most, one) => Math.max(most, textWidth(one, 12) + icon), textWidth(title, 12));
      return { title, texts, icon, wide: Math.min(widestColumn, long) + margin };
    });
    const needed = columns.reduce((sum, { wide }) => sum + wide, margin);
    this.#width = Math.max(this.#width, needed);
    const spare = (this.#width - needed) / columns.length;
    this.#rule(this.#top + rowHeight - 0.5);
    let x = margin;
    for (const { title, texts, icon, wide } of columns) {
      sheet.drawText(title, x, this.#top + 18, "muted");
      this.#rows.forEach(({ phase }, place) => {
        const y = this.#top + (place + 1) * rowHeight;
        if (icon) sheet.shape(phase, x, y + 6);
        sheet.drawText(clip(texts[place]!, wide + spare - icon - 8, 12), x + icon, y + 18, "fg");
      });
      x += wide + spare;
    }
    const bottom = this.#top + (this.#rows.length + 1) * rowHeight;
    for (let y = this.#top + 2 * rowHeight; y <= bottom; y += rowHeight) this.#rule(y - 0.5, "faint");
    return this.#drawing(bottom + margin);
  }

  /** What each row waited for, and last and heavier all there is to say of the selected one. */
  #connect(draw: (row: ViewActivity, link: Link, pen: Pen) => void): void {
    for (const hot of [false, true]) {
      for (const row of this.#rows) {
        for (const link of row.after ?? []) {
          const about = [row.name, link.from].includes(this.#exposure.selected ?? "");
          if (about === hot && (hot || link.binding)) draw(row, link, this.#pen(link, hot));
        }
      }
    }
  }

  #pen({ evidence, contradicted }: Pick<Link, "evidence" | "contradicted">, hot: boolean): Pen {
    const stroke = this.#sheet.color(contradicted ? "unknown" : hot ? "fg" : "line");
    const dash = evidence === "stated" ? undefined : evidence === "by definition" ? [4, 3] : [1, 3];
    return { stroke, ...(hot && { line: 1.5 }), ...(dash && { dash }) };
  }

  /** A row's bar with its words: inside, else after or before it where there is room between `first` and `last`. */
  #bar(row: ViewActivity, from: number, to: number, y: number, [first, last]: readonly [number, number]): void {
    const sheet = this.#sheet;
    const color = sheet.color(row.phase);
    const [back, line] = [sheet.color("bg"), sheet.outlined ? 2 : 1];
    if (row.shape === "point") {
      const d = `M${round(from - 4)} ${y + 8}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z`;
      sheet.line(d, { stroke: color, line: 2, fill: back });
    } else if (row.shape !== "none") {
      sheet.box(from, y, to - from, 16, { fill: sheet.tint(color, 0.32) });
      if (row.phase === "failed")
        sheet.stripes(from, y, to - from, 16, sheet.outlined ? color : mix(color, back, 0.62));
      const dashed = ["canceled", "skipped", "unknown"].includes(row.phase);
      sheet.box(from, y, to - from, 16, { stroke: color, line, ...(dashed && { dash: [4, 3] }) });
    }
    const word = row.phase === "succeeded" || row.phase === "running" ? "" : oneLine(row.word, 40);
    const text = [word, this.#length(row), row.remark].filter(Boolean).join(" · ");
    const wide = textWidth(text, 12) + 8;
    const end = to + 6 + wide >= last;
    const inside = to - from - 12;
    if (inside > wide || (end && from - wide < first)) {
      const fill = row.phase === "failed" ? back : sheet.tint(color, 0.32);
      sheet.box(from + 6, y + 1.5, Math.min(wide, inside), 13, { fill });
      sheet.drawText(clip(text, inside - 8, 12), from + 10, y + 12, "fg");
      return;
    }
    // Beside the bar, on a ground of its own: lines pass behind it.
    const x = end ? from - 8 : to + 8;
    const selected = row.name === this.#exposure.selected;
    const ground = selected ? sheet.tint(sheet.color("fg"), 0.1) : back;
    if (text) sheet.box(end ? x - wide + 4 : x - 2, y + 1.5, wide - 4, 13, { fill: ground });
    sheet.drawText(text, x, y + 12, selected ? "fg" : "muted", { end });
  }

  /** "4 m 33 s", "35 s so far", "end not reported". */
  #length(row: ViewActivity): string {
    if (row.shape === "bar") return lengthText(lengthOf(row));
    if (row.shape === "running") return l10n.t("{0} so far", lengthText(Math.max(0, this.#now - (row.from ?? 0))));
    return row.missing === "end" ? l10n.t("end not reported") : "";
  }

  #rule(y: number, role = "line"): void {
    this.#sheet.line(`M0 ${y}H${this.#width}`, { stroke: this.#sheet.color(role) });
  }

  #drawing(height: number, width = this.#width): Drawing {
    const left = this.#run.activities.length - (this.#exposure.view === "steps" ? mostCards : this.#rows.length);
    if (left <= 0) return this.#sheet.drawing(width, height);
    this.#sheet.drawText(l10n.t("{0} more activities are not in this picture.", left), margin, height + 8, "muted");
    return this.#sheet.drawing(width, height + rowHeight);
  }
}

/** How long it took, milliseconds; 0 while that is not known. */
function lengthOf({ shape, from = 0, to = 0 }: ViewActivity): number {
  return shape === "bar" ? to - from : 0;
}

/** A card of what has not run. */
function hollow({ phase }: ViewActivity): boolean {
  return phase === "pending" || phase === "skipped";
}
