import type { JobType } from "../vod/types.ts";
import { TypeContext } from "./idContext.ts";
import { type Key, keyBefore, nounBefore, parentKey } from "./idKey.ts";
import { alphanumeric, eachRun, hexadecimal, isIn } from "./idRuns.ts";
import type { Meaning } from "./idWords.ts";
import { type IdPlace, KnownIds } from "./knownIds.ts";

/**
 * Job ids as people meet them: in code, logs, JSON and clipboards (`vod-facts` §7).
 * Complete ids are 32 hexadecimal digits; the service's documentation also shows other forms (masked, with letters),
 * so a typed id is never refused for its form, but only the common form is *recognized* in text.
 */

/** An id found in text. Offsets are UTF-16 positions in the text that was searched, end exclusive. */
export interface FoundId {
  /** As it stands in the text; of a tracked job as it is tracked, which may differ in case. */
  readonly id: string;
  readonly start: number;
  readonly end: number;
  /** The type that the neighborhood names, if it does. */
  readonly type?: JobType;
  /** Why it is taken for a job id: it is tracked, a key or API near it says so, or its form alone. */
  readonly because: "known" | "named" | "form";
}

/** A part of a text: offsets, end exclusive. */
export interface Part {
  readonly start: number;
  readonly end: number;
}

/** The longest id accepted from a person. Documented ids have 32 characters. */
const longestId = 256;
const idLength = 32;
/** How far an id may reach out of the part of a text that is searched, in characters. */
const overlap = longestId;
/** How far before that part the surroundings are read, in characters. */
const contextBefore = 8192;
/** How far apart two ids of one list may stand, in characters. */
const listGap = 40;
/** An id that only its form speaks for has at least so many different digits: a row of zeros is none. */
const leastVariety = 5;

/** Takes off what comes along when an id is copied: white space, quotes, brackets, a trailing comma, a key before it. */
export function cleanId(text: string): string {
  const bare = withoutAround(text);
  const valueOfKey = /^["']?[A-Za-z_]*(?:Job|Task)_?Id["']?\s*[:=]\s*["'`]?([^"'`\s,;]+)/i.exec(bare);
  return valueOfKey?.[1] ?? bare;
}

const opening = /["'`“”‘’([{<\s]/;
const closing = /["'`“”‘’)\]}>,;\s]/;

/** By hand and not by one expression with `$`, which would look again and again at a long inner run of such characters. */
function withoutAround(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && opening.test(text.charAt(start))) start++;
  while (end > start && closing.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

/** What keeps `id` from being asked for: `empty`, `spaces` (or control characters), `long`; undefined when nothing does. */
export function idProblem(id: string): "empty" | "spaces" | "long" | undefined {
  if (id === "") return "empty";
  if (id.length > longestId) return "long";
  if (/[\s\p{Cc}\p{Cf}]/u.test(id)) return "spaces";
  return undefined;
}

/** The one id that a piece of text (a selection, the clipboard) most likely is or holds; undefined when unsure. */
export function onlyId(text: string): string | undefined {
  if (text.length > 10_000) return undefined;
  const cleaned = cleanId(text);
  if (/^[0-9a-fA-F]{32}$/.test(cleaned)) return cleaned;
  const found = new Set(findJobIds(text).map((one) => one.id));
  return found.size === 1 ? [...found][0] : undefined;
}

/**
 * The job ids in `text`, in order; only those that overlap `part`, though what stands around it tells what they are, too.
 * `known` are ids that are tracked: those are found whatever their form, and whatever stands near them. Ids whose key
 * says they are something else (a media asset, a request, a hash) are left out. Takes time in proportion to the text.
 */
export function findJobIds(text: string, known: KnownIds | Iterable<string> = [], part?: Part): FoundId[] {
  const found: FoundId[] = [];
  eachId(text, known instanceof KnownIds ? known : new KnownIds(known), part, (place, { meaning, type }) => {
    const { id, start, end } = place;
    const because = place.known ? "known" : meaning.noun === "job" ? "named" : "form";
    if (!place.known && (meaning.noun === "other" || (because === "form" && isMonotonous(id)))) return;
    found.push({ id, start, end, type, because });
  });
  return found;
}

/** Only the known ids in `text`, in order: looks at nothing else, so it costs next to nothing. */
export function findKnownIds(text: string, known: KnownIds): IdPlace[] {
  return places(text, known, whole(text))
    .filter((one) => one.known)
    .map(({ id, start, end }) => ({ id, start, end }));
}

/** The ids of media assets in `text`, by the key or word before them (VideoId, MediaId, "video …"). */
export function findMediaIds(text: string, part?: Part): IdPlace[] {
  const found: IdPlace[] = [];
  eachId(text, new KnownIds(), part, ({ id, start, end }, { meaning }) => {
    if (meaning.media) found.push({ id, start, end });
  });
  return found;
}

interface Candidate extends IdPlace {
  readonly known: boolean;
}

/** Calls `visit` for every id that overlaps a part of a text, with what its surroundings say of it. */
function eachId(
  text: string,
  known: KnownIds,
  part: Part = whole(text),
  visit: (place: Candidate, naming: Naming) => void,
): void {
  const from = contextStart(text, part.start);
  let context: TypeContext | undefined;
  let before: Candidate | undefined;
  let naming: Naming | undefined;
  for (const place of places(text, known, { start: from, end: part.end })) {
    context ??= new TypeContext(text, from);
    if (!before || !naming || !continuesList(text, before.end, place.start, naming.above)) {
      const { meaning, above } = namingOf(text, place, context);
      const isOther = meaning.noun === "other" && !place.known;
      const type = isOther ? undefined : (meaning.type ?? typeFrom(context, meaning, place));
      naming = { meaning, above, type };
    }
    if (place.end > part.start) visit(place, naming);
    before = place;
  }
}

function whole(text: string): Part {
  return { start: 0, end: text.length };
}

/** Where reading begins so that the surroundings of what stands at `at` are known: at a line's beginning if one is near. */
function contextStart(text: string, at: number): number {
  const farthest = at - contextBefore;
  if (farthest <= 0) return 0;
  const line = text.indexOf("\n", farthest);
  return line >= 0 && line < at ? line + 1 : farthest;
}

/** Where ids stand: runs of 32 hexadecimal digits that are no part of a longer word, and known ids of any form. */
function places(text: string, known: KnownIds, part: Part): Candidate[] {
  const from = Math.max(0, part.start - overlap);
  const to = Math.min(text.length, part.end + overlap);
  const found: Candidate[] = [];
  eachRun(text, hexadecimal, idLength, from, to, (runStart, end) => {
    const start = afterEscape(text, runStart, end);
    if (end - start !== idLength) return;
    const digits = text.slice(start, end);
    const tracked = known.named(digits);
    const apart = tracked === undefined ? !isWordly(text, end) && isFresh(text, start) : !isLonger(text, start, end);
    if (apart) found.push({ id: tracked ?? digits, start, end, known: tracked !== undefined });
  });
  const unusual = known.unusualIn(text, from, to);
  if (unusual.length > 0) {
    found.push(...unusual.map((place) => ({ ...place, known: true })));
    found.sort((a, b) => a.start - b.start || b.end - a.end);
  }
  let taken = 0;
  return found.filter(({ start, end }) => {
    // One known id may be a part of another.
    if (start < taken || start >= part.end || end <= part.start) return false;
    taken = end;
    return true;
  });
}

/** Where the id in a run of hexadecimal digits begins: behind the digits of an escape, as in `%22` and `\u0022`. */
function afterEscape(text: string, start: number, end: number): number {
  if (end - start === idLength + 2 && text.charAt(start - 1) === "%") return start + 2;
  if (end - start === idLength + 4 && text.startsWith("\\u", start - 2)) return start + 4;
  return start;
}

function isWordly(text: string, at: number): boolean {
  return isIn(alphanumeric, text, at) || text.charCodeAt(at) === 0x5f;
}

/** Whether no word goes on at `at`: a letter before it may be the end of an escape (`\n`, or a terminal's color). */
function isFresh(text: string, at: number): boolean {
  if (!isWordly(text, at - 1)) return true;
  if (isIn(hexadecimal, text, at - 1)) return /(?:%..|\\u....)$/.test(text.slice(Math.max(0, at - 6), at));
  return /(?:\\[nrt]|(?:\x1b|\\u001b|\\x1b|\\033|\\e)\[[\d;]{0,12}m)$/.test(text.slice(Math.max(0, at - 20), at));
}

/** Whether a known id is here only a part of a longer run of letters and digits. */
function isLonger(text: string, start: number, end: number): boolean {
  return isIn(alphanumeric, text, end) || (isIn(alphanumeric, text, start - 1) && !isFresh(text, start));
}

function isMonotonous(id: string): boolean {
  return new Set(id).size < leastVariety;
}

/** What the words near an id say that it is. */
interface Naming {
  readonly meaning: Meaning;
  /** They stand on a line before. */
  readonly above: boolean;
  readonly type?: JobType;
}

const somethingElse: Omit<Naming, "type"> = { meaning: { noun: "other" }, above: false };

function namingOf(text: string, { start, end }: IdPlace, context: TypeContext): Omit<Naming, "type"> {
  const key = keyBefore(text, start);
  if (isPartOfName(text, start, end, key)) return somethingElse;
  if (key && (key.meaning.noun || (key.firm && !key.meaning.neutral))) return key;
  const meaning = nounBefore(text, key?.start ?? start) ?? (key?.meaning.neutral && ownerOf(text, start, context));
  return { meaning: meaning || {}, above: key?.above ?? false };
}

/** Whether an id is a part of a file's name, of an address's path or of another id. */
function isPartOfName(text: string, start: number, end: number, key: Key | undefined): boolean {
  const before = text.charAt(start - 1);
  const after = text.charAt(end);
  const isJob = key?.meaning.noun === "job";
  if (before === "/") return !isJobPath(text, start - 1) && text.charAt(start - 2) !== "/";
  if (after === "." && isIn(alphanumeric, text, end + 1)) return true;
  if (before === "." && isIn(alphanumeric, text, start - 2)) return true;
  if (before === "-" && isIn(alphanumeric, text, start - 2) && after === "-" && isIn(alphanumeric, text, end + 1))
    return !isJob;
  // A line of md5sum: the hash, two spaces or a space and an asterisk, a file's name.
  return (before === "" || /["'\n]/.test(before)) && /^ [ *]\S/.test(text.slice(end, end + 3));
}

/** Whether the segment of a path before the slash at `slash` says that a job follows, as in `/jobs/`. */
function isJobPath(text: string, slash: number): boolean {
  return nounBefore(text, slash)?.noun === "job" && isWordly(text, slash - 1);
}

/** What the record is called that an `id` stands in: `"SnapshotJob": { "Id": …`, or by indentation. */
function ownerOf(text: string, start: number, context: TypeContext): Meaning | undefined {
  const openings = context.openingsAt(start);
  if (openings.length === 0) return parentKey(text, start);
  for (const opening of openings.slice(0, 4)) {
    const meaning = keyBefore(text, opening)?.meaning;
    if (meaning?.noun) return meaning;
  }
  return undefined;
}

/** Whether only what separates the ids of a list stands between `end` and `start`. `above`: the list has a line for each. */
function continuesList(text: string, end: number, start: number, above: boolean): boolean {
  if (start - end > listGap) return false;
  const gap = text.slice(end, start);
  if (gap === " ") return true;
  if (!/^(?:["'`\\\s,;•*-]|%2[02Cc])*$/.test(gap)) return false;
  if (gap.includes("\n")) return /[,;•*-]/.test(gap) || above;
  return /[,;]|%2[Cc]/.test(gap);
}

function typeFrom(context: TypeContext, { noun, task }: Meaning, { start, end }: IdPlace): JobType | undefined {
  const type = context.typeOf(start, end, noun === "job");
  if (!task) return type;
  // A task among transcodes may be a TranscodeTaskId, which is asked for with another call.
  return type === "transcode" ? undefined : (type ?? "workflow");
}

/** All types, the likeliest first: the order in which "find out" asks. */
export function typesToTry(hint?: JobType): JobType[] {
  const usual: JobType[] = ["transcode", "workflow", "snapshot", "ai"];
  return hint ? [hint, ...usual.filter((type) => type !== hint)] : usual;
}
