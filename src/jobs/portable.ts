import { type JobRef, jobTypes } from "../vod/types.ts";
import type { TrackedJob } from "./types.ts";

/** A tracked job as it is written to a file: the identity is needed to read it back, the rest informs a person. */
export interface PortableJob extends JobRef {
  readonly label?: string;
  readonly title?: string;
  readonly pinned?: boolean;
  readonly phase: string;
  readonly status?: string;
  /** ISO 8601, UTC, as all times here. */
  readonly created?: string;
  readonly finished?: string;
  readonly added: string;
}

/** A job read from a file. */
export interface ImportedJob {
  readonly ref: JobRef;
  readonly label?: string;
  readonly pinned?: boolean;
}

/** What a file held. `problems` name the entries (1 first) that are no jobs, and why. */
export interface ParsedJobs {
  readonly jobs: readonly ImportedJob[];
  readonly problems: readonly { readonly entry: number; readonly problem: "not-a-job" | "type" | "id" | "duplicate" }[];
}

/** What stands in for an account or region that a file does not name. */
export interface PortableDefaults {
  readonly account: string;
  readonly region: string;
}

const columns = [
  "type",
  "id",
  "region",
  "account",
  "label",
  "title",
  "pinned",
  "phase",
  "status",
  "created",
  "finished",
  "added",
] as const;

/** The longest id, label, account or region that is read, in characters. */
const longestText = 512;

export function toPortable(job: TrackedJob): PortableJob {
  const time = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString());
  return {
    ...job.ref,
    label: job.label,
    title: job.title,
    pinned: job.pin === undefined ? undefined : true,
    phase: job.phase,
    status: job.status,
    created: time(job.createdAt),
    finished: time(job.finishedAt),
    added: new Date(job.addedAt).toISOString(),
  };
}

/** JSON text: `{"version":1,"jobs":[…]}`. */
export function toJson(jobs: readonly PortableJob[]): string {
  return `${JSON.stringify({ version: 1, jobs }, undefined, 2)}\n`;
}

/**
 * CSV text (RFC 4180) with a header line. A field that a spreadsheet would take for a formula gets an apostrophe in
 * front, as the service's titles are anybody's text; `parseCsv` takes it off again.
 */
export function toCsv(jobs: readonly PortableJob[]): string {
  const rows = jobs.map((job) => columns.map((column) => csvField(String(job[column] ?? ""))).join(","));
  return `${[columns.join(","), ...rows].join("\r\n")}\r\n`;
}

function csvField(text: string): string {
  const safe = /^[=+\-@\t\r\n']/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Reads what `toJson` wrote, or any array of objects with `type` and `id`. Throws `SyntaxError` on text that is no JSON. */
export function parseJson(text: string, defaults: PortableDefaults): ParsedJobs {
  const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
  const list = Array.isArray(value) ? value : (value as { jobs?: unknown } | null)?.jobs;
  return validate(Array.isArray(list) ? list : [value], defaults);
}

/** Reads what `toCsv` wrote, or any CSV whose header names `type` and `id` columns. */
export function parseCsv(text: string, defaults: PortableDefaults): ParsedJobs {
  const [header = [], ...rows] = csvRows(text.replace(/^\uFEFF/, ""));
  const names = header.map((name) => name.trim().toLowerCase());
  const entries = rows.map((row) => Object.fromEntries(names.map((name, index) => [name, plain(row[index] ?? "")])));
  return validate(entries, defaults);
}

const plain = (field: string) => (/^'[=+\-@\t\r\n']/.test(field) ? field.slice(1) : field);

/** The fields of every line that is not blank; quoted fields may hold commas, quotes and line ends. */
function csvRows(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, bare = "", end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n|\n|\r|$)/g)) {
    row.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    if (row.some((field) => field !== "")) rows.push(row);
    row = [];
  }
  return rows;
}

function validate(entries: readonly unknown[], defaults: PortableDefaults): ParsedJobs {
  const jobs: ImportedJob[] = [];
  const problems: ParsedJobs["problems"][number][] = [];
  const known = new Set<string>();
  for (const [index, entry] of entries.entries()) {
    const fields = new Map(Object.entries(typeof entry === "object" && entry !== null ? entry : {}));
    const text = (name: string) => {
      const value = fields.get(name);
      return typeof value === "string" ? value.trim() : "";
    };
    const type = jobTypes.find((word) => word === text("type").toLowerCase());
    const [id, account, region] = [text("id"), text("account") || defaults.account, text("region") || defaults.region];
    const ref = type && { account, region, type, id };
    const identity = JSON.stringify(ref);
    const problem =
      fields.size === 0
        ? "not-a-job"
        : !ref
          ? "type"
          : [id, account, region].some(
                (part) => part === "" || part.length > longestText || /[\s\p{Cc}\p{Cs}]/u.test(part),
              )
            ? "id"
            : known.has(identity)
              ? "duplicate"
              : undefined;
    if (problem || !ref) {
      problems.push({ entry: index + 1, problem: problem ?? "type" });
      continue;
    }
    known.add(identity);
    const pinned = fields.get("pinned");
    jobs.push({
      ref,
      label: text("label").slice(0, longestText) || undefined,
      pinned: pinned === true || pinned === "true" ? true : undefined,
    });
  }
  return { jobs, problems };
}
