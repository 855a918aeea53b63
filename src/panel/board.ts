/** The page's copy of what the host owns: rows in the order of the views, kept up to date by revision. No DOM. */
import { activitySpan, byStart, type Span, spanEnd, spanStart } from "../workflow/span.ts";
import { makeAxis, type Stretch, type TimeAxis } from "../workflow/timeScale.ts";
import type { ActivityPhase } from "../workflow/types.ts";
import type { Parts, ToPanel, ViewActivity } from "./protocol.ts";

export interface Row {
  readonly activity: ViewActivity;
  readonly span: Span;
}

/** What a message changed: a gap in the revisions is to be answered by asking for everything. */
export type Change = "gap" | "parts" | "activities";

/** The axis of a run that still goes on ends this share beyond the present, so that it seldom has to be made anew. */
const headroom = 0.06;

export class Board {
  parts: Parts | undefined;
  /** All activities, by start, then end, then name. */
  rows: Row[] = [];
  /** Those that the filter lets through. */
  shown: Row[] = [];
  counts: Partial<Record<ActivityPhase, number>> = {};
  /** Lower-case text that name, kind or status must contain. */
  text = "";
  /** The phases to show; none means all. */
  only: ReadonlySet<ActivityPhase> = new Set();
  /** Names whose phase the last messages changed; taken by who tells of them. */
  news: Row[] = [];

  private rev = -1;
  private byName = new Map<string, Row>();
  private places: Map<string, number> | undefined;
  private madeAxis: TimeAxis | undefined;
  /** Host clock minus this machine's, milliseconds. */
  private clockAhead = 0;

  /** Takes a `snapshot` or `patch`. */
  take(message: Extract<ToPanel, { rev: number }>): Change {
    if (message.type === "snapshot") {
      this.rev = message.rev;
      this.setParts(message.parts);
      this.byName = new Map(message.activities.map((activity) => [activity.name, toRow(activity)]));
      this.news = [];
      this.arrange();
      return "activities";
    }
    if (message.rev !== this.rev + 1 || !this.parts) return "gap";
    this.rev = message.rev;
    let change: Change = "parts";
    let moved = false;
    for (const op of message.ops) {
      if (op.op === "parts") this.setParts({ ...this.parts, ...op.parts });
      else {
        change = "activities";
        moved = (op.op === "put" ? this.put(toRow(op.activity)) : this.byName.delete(op.name)) || moved;
      }
    }
    if (moved) this.arrange();
    else if (change === "activities") this.recount();
    return change;
  }

  /** The row of a name, where it is shown or not. */
  row(name: string | null): Row | undefined {
    return name === null ? undefined : this.byName.get(name);
  }

  /** The place of a name among the rows shown; −1 when it is not. */
  place(name: string | null): number {
    this.places ??= new Map(this.shown.map((row, place) => [row.activity.name, place]));
    return name === null ? -1 : (this.places.get(name) ?? -1);
  }

  /** The host's clock now. */
  now(): number {
    return Date.now() + this.clockAhead;
  }

  /** Whether the task or an activity is still at work. */
  live(): boolean {
    const header = this.parts?.header;
    return !!header && header.finishedAt === undefined && (header.phase === "running" || !!this.counts.running);
  }

  /** When the last thing known happened: the present for a run that goes on. */
  end(): number {
    return this.live() ? this.now() : this.axis().to;
  }

  /** The time axis of the whole run, idle stretches folded; made anew when times change or the present leaves it. */
  axis(): TimeAxis {
    if (!this.madeAxis || (this.live() && this.now() > this.madeAxis.to)) this.madeAxis = this.makeAxis();
    return this.madeAxis;
  }

  /** Length of the run, milliseconds; undefined when nothing has a time. */
  duration(): number | undefined {
    const length = this.end() - this.axis().from;
    return this.axis().from > 0 && length >= 0 ? length : undefined;
  }

  /** Applies `text` and `only`. */
  filter(): void {
    const { text, only } = this;
    this.places = undefined;
    const all = !text && only.size === 0;
    this.shown = all ? this.rows : this.rows.filter((row) => this.lets(row.activity));
  }

  /** Whether the filter lets an activity through. */
  lets({ name, kind, status, phase }: ViewActivity): boolean {
    const { text, only } = this;
    return (
      (only.size === 0 || only.has(phase)) && (!text || `${name}\n${kind}\n${status}`.toLowerCase().includes(text))
    );
  }

  /** The activities that run after `name`. */
  successors(name: string): Row[] {
    return this.rows.filter((row) => row.activity.after?.some((link) => link.from === name));
  }

  private setParts(parts: Parts): void {
    const { header } = parts;
    const old = this.parts?.header;
    if (header.createdAt !== old?.createdAt || header.finishedAt !== old?.finishedAt) this.madeAxis = undefined;
    this.parts = parts;
    this.clockAhead = header.now - Date.now();
  }

  /** Adds or replaces a row; tells whether the order may be another. */
  private put(row: Row): boolean {
    const { name, phase, startedAt, endedAt } = row.activity;
    const old = this.byName.get(name);
    if (old?.activity.phase !== phase) this.news.push(row);
    this.byName.set(name, row);
    if (!old || old.activity.startedAt !== startedAt || old.activity.endedAt !== endedAt) return true;
    const at = this.rows.indexOf(old);
    this.rows[at] = row;
    return false;
  }

  private arrange(): void {
    this.rows = [...this.byName.values()].sort((a, b) => byStart(a.activity, b.activity));
    this.madeAxis = undefined;
    this.recount();
  }

  private recount(): void {
    this.counts = {};
    for (const { activity } of this.rows) this.counts[activity.phase] = (this.counts[activity.phase] ?? 0) + 1;
    this.filter();
  }

  private makeAxis(): TimeAxis {
    const header = this.parts?.header;
    const now = this.live() ? this.now() : undefined;
    let from = Number.POSITIVE_INFINITY;
    let to = Number.NEGATIVE_INFINITY;
    const include = (at: number | undefined) => {
      if (at !== undefined) {
        from = Math.min(from, at);
        to = Math.max(to, at);
      }
    };
    include(header?.createdAt);
    include(header?.finishedAt);
    include(now);
    const busy: Stretch[] = [];
    for (const { span } of this.rows) {
      const [start, end] = [spanStart(span), spanEnd(span, now ?? 0)];
      include(start);
      include(end);
      if (start !== undefined) busy.push({ from: start, to: end! });
    }
    if (from > to) return makeAxis(0, 0, []);
    if (now !== undefined) {
      const present = to;
      to += Math.max(2000, (to - from) * headroom);
      busy.push({ from: present, to });
    }
    return makeAxis(from, to, busy);
  }
}

function toRow(activity: ViewActivity): Row {
  return { activity, span: activitySpan(activity) };
}
