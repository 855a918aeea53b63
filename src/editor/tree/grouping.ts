import type { TrackedJob } from "../../jobs/types.ts";

/**
 * Which jobs stand where in the tree: grouping, sorting, filtering and paging, without an editor.
 * Kept by the day and by 10,000 jobs, so it works on what changed: a job that stays in its group costs nothing else.
 */

export const groupings = ["status", "type", "account", "day", "none"] as const;
export type Grouping = (typeof groupings)[number];

export const sortings = ["newest", "changed", "name"] as const;
export type Sorting = (typeof sortings)[number];

/**
 * A group's identity: `pinned`, or what all its jobs share: `running`, `failed`, `done`, `stopped` (by status),
 * a job type, `account␟region`, a day `YYYY-MM-DD` in local time, or `all`.
 */
export type GroupId = string;

/** How many jobs of a group are shown at first, and how many more each "Load More" brings. */
export const page = 200;

/** Up to so many changed jobs are put into their places one by one; for more, their groups are sorted anew. */
const mostPlaced = 50;

/** The jobs that share something, and, once they were shown, their order. */
interface Group {
  readonly keys: Set<string>;
  sorted?: string[];
}

/** What has to be painted again after a change. */
export interface Repaint {
  /** Everything: groups came or went. */
  readonly all: boolean;
  readonly groups: ReadonlySet<GroupId>;
  /** Keys of jobs that changed but stayed where they are. Their groups need no new painting. */
  readonly jobs: readonly string[];
}

const groupOrder = ["pinned", "running", "failed", "done", "stopped", "transcode", "snapshot", "ai", "workflow"];

export class JobGrouping {
  #jobs: ReadonlyMap<string, TrackedJob>;
  #by: Grouping;
  #sort: Sorting;
  #filter = "";
  readonly #groups = new Map<GroupId, Group>();
  /** Where each shown job stands; hidden (filtered) jobs are absent. */
  readonly #place = new Map<string, { group: GroupId; rank: string | number }>();
  readonly #shown = new Map<GroupId, number>();

  constructor(jobs: ReadonlyMap<string, TrackedJob>, by: Grouping, sort: Sorting) {
    this.#jobs = jobs;
    this.#by = by;
    this.#sort = sort;
    this.rebuild();
  }

  get filter(): string {
    return this.#filter;
  }
  get grouping(): Grouping {
    return this.#by;
  }
  get sorting(): Sorting {
    return this.#sort;
  }
  /** How many jobs pass the filter. */
  get size(): number {
    return this.#place.size;
  }

  /** Changes how the tree is arranged; everything is to be painted again. */
  arrange(how: { by?: Grouping; sort?: Sorting; filter?: string }): void {
    this.#by = how.by ?? this.#by;
    this.#sort = how.sort ?? this.#sort;
    this.#filter = (how.filter ?? this.#filter).trim().toLowerCase();
    this.#shown.clear();
    this.rebuild();
  }

  /** Starts over from all jobs. */
  rebuild(): void {
    this.#groups.clear();
    this.#place.clear();
    for (const job of this.#jobs.values()) this.#put(job);
  }

  /** Takes in that these jobs changed (or are gone) and tells what to paint again. */
  update(keys: readonly string[]): Repaint {
    if (keys.length > mostPlaced) for (const group of this.#groups.values()) group.sorted = undefined;
    const groups = new Set<GroupId>();
    const jobs: string[] = [];
    let all = false;
    for (const key of keys) {
      const job = this.#jobs.get(key);
      const place = this.#place.get(key);
      const from = place?.group;
      const to = job && this.#passes(job) ? this.#groupOf(job) : undefined;
      if (place && place.group === to) {
        const rank = this.#rank(job!, to);
        if (rank !== place.rank) {
          const group = this.#groups.get(to)!;
          takeOut(group, key);
          place.rank = rank;
          this.#insert(to, group, key);
          groups.add(to);
        } else jobs.push(key);
        continue;
      }
      if (from !== undefined) {
        const group = this.#groups.get(from)!;
        group.keys.delete(key);
        takeOut(group, key);
        this.#place.delete(key);
        groups.add(from);
        if (group.keys.size === 0) {
          this.#groups.delete(from);
          all = true;
        }
      }
      if (job && to !== undefined) {
        all ||= !this.#groups.has(to);
        this.#put(job);
        groups.add(to);
      }
    }
    return { all, groups, jobs };
  }

  /** The groups that hold something, in the order they are shown. */
  groups(): { id: GroupId; count: number }[] {
    const order = (id: GroupId) => {
      const at = groupOrder.indexOf(id);
      return at < 0 ? groupOrder.length : at;
    };
    return [...this.#groups]
      .map(([id, { keys }]) => ({ id, count: keys.size }))
      .sort((a, b) => order(a.id) - order(b.id) || (this.#by === "day" ? compare(b.id, a.id) : compare(a.id, b.id)));
  }

  /** The keys of a group's jobs as far as they are shown, and how many more there are. */
  members(id: GroupId): { keys: string[]; more: number } {
    const group = this.#groups.get(id);
    if (!group) return { keys: [], more: 0 };
    group.sorted ??= [...group.keys].sort(this.#order(id));
    const shown = this.#shown.get(id) ?? page;
    return { keys: group.sorted.slice(0, shown), more: Math.max(0, group.sorted.length - shown) };
  }

  /** Shows one page more of a group. */
  showMore(id: GroupId): void {
    this.#shown.set(id, (this.#shown.get(id) ?? page) + page);
  }

  /** The group that a job stands in; undefined when it is not shown. */
  placeOf(key: string): GroupId | undefined {
    return this.#place.get(key)?.group;
  }

  #put(job: TrackedJob): void {
    if (!this.#passes(job)) return;
    const id = this.#groupOf(job);
    const group = this.#groups.get(id) ?? { keys: new Set() };
    this.#groups.set(id, group);
    group.keys.add(job.key);
    this.#place.set(job.key, { group: id, rank: this.#rank(job, id) });
    this.#insert(id, group, job.key);
  }

  /** Puts a job where it belongs in its group's order: to sort 10,000 again takes 6 ms of every change. */
  #insert(id: GroupId, { sorted }: Group, key: string): void {
    if (!sorted) return;
    const order = this.#order(id);
    let [from, to] = [0, sorted.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (order(sorted[middle]!, key) < 0) from = middle + 1;
      else to = middle;
    }
    sorted.splice(from, 0, key);
  }

  /** What decides a job's place within its group: when it stays the same, the group need not be sorted again. */
  #rank(job: TrackedJob, group: GroupId): string | number {
    if (group === "pinned") return job.pin ?? 0;
    if (this.#sort === "name") return nameOf(job);
    return this.#sort === "changed" ? (job.changedAt ?? job.addedAt) : (job.createdAt ?? job.addedAt);
  }

  #passes(job: TrackedJob): boolean {
    if (!this.#filter) return true;
    const { label, title, ref, status, phase, mediaId, kind } = job;
    const text = [label, title, ref.id, ref.type, ref.account, ref.region, status, phase, mediaId, kind].join("\n");
    return this.#filter.split(/\s+/).every((word) => text.toLowerCase().includes(word));
  }

  #groupOf(job: TrackedJob): GroupId {
    if (job.pin !== undefined) return "pinned";
    switch (this.#by) {
      case "status":
        return statusGroup(job);
      case "type":
        return job.ref.type;
      case "account":
        return `${job.ref.account}\u241f${job.ref.region}`;
      case "day":
        return localDay(job.createdAt ?? job.addedAt);
      case "none":
        return "all";
    }
  }

  /** The order of a group's keys. */
  #order(id: GroupId): (a: string, b: string) => number {
    const direction = id === "pinned" || this.#sort === "name" ? 1 : -1;
    const rank = (key: string) => this.#place.get(key)!.rank;
    return (a, b) => direction * compareRanks(rank(a), rank(b)) || compare(a, b);
  }
}

function takeOut({ sorted }: Group, key: string): void {
  const at = sorted?.indexOf(key) ?? -1;
  if (at >= 0) sorted!.splice(at, 1);
}

/** Made when names are first compared: making it loads the rules of all languages, 8 ms and a megabyte. */
let names: Intl.Collator | undefined;

function compareRanks(a: string | number, b: string | number): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  names ??= new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  return names.compare(String(a), String(b));
}

function statusGroup(job: TrackedJob): GroupId {
  switch (job.phase) {
    case "failed":
      return "failed";
    case "succeeded":
      // A task that says it succeeded while activities failed belongs where a person looks for failures.
      return job.failedActivities ? "failed" : "done";
    case "canceled":
    case "skipped":
      return "stopped";
    default:
      return "running";
  }
}

function nameOf(job: TrackedJob): string {
  return job.label ?? job.title ?? job.ref.id;
}

function localDay(at: number): string {
  const date = new Date(at);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
