import type { JobType } from "../../vod/types.ts";
import { TypeContext } from "./context.ts";
import { type IdPlace, KnownIds } from "./known.ts";
import { continuesList, type Naming, namingOf, typeFrom } from "./naming.ts";
import { type Candidate, idPlaces, type Part } from "./places.ts";

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

/** The longest id accepted from a person. Documented ids have 32 characters. */
const longestId = 256;
/** How far before that part the surroundings are read, in characters. */
const contextBefore = 8192;
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

/**
 * What keeps `id` from being asked for: `empty`, `spaces` (or control characters, or halves of characters), `long`;
 * undefined when nothing does.
 */
export function idProblem(id: string): "empty" | "spaces" | "long" | undefined {
  if (id === "") return "empty";
  if (id.length > longestId) return "long";
  if (/[\s\p{Cc}\p{Cf}\p{Cs}]/u.test(id)) return "spaces";
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
  return idPlaces(text, known, whole(text))
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
  for (const place of idPlaces(text, known, { start: from, end: part.end })) {
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

function isMonotonous(id: string): boolean {
  return new Set(id).size < leastVariety;
}

/** All types, the likeliest first: the order in which "find out" asks. */
export function typesToTry(hint?: JobType): JobType[] {
  const usual: JobType[] = ["transcode", "workflow", "snapshot", "ai"];
  return hint ? [hint, ...usual.filter((type) => type !== hint)] : usual;
}
