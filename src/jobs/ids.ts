import type { JobType } from "../vod/types.ts";

/**
 * Job ids as people meet them: in code, logs, JSON and clipboards (`vod-facts` §7).
 * Complete ids are 32 hexadecimal digits; the service's documentation also shows other forms (masked, with letters),
 * so a typed id is never refused for its form, but only the common form is *recognized* in text.
 */

/** An id found in text. Offsets are UTF-16 positions in the text that was searched, end exclusive. */
export interface FoundId {
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
/** How far before an id a key or an API name may stand and still tell what it is, in characters. */
const reach = 600;

const hexId = /(?<![0-9A-Za-z_])[0-9a-fA-F]{32}(?![0-9A-Za-z_])/g;

/** Takes off what comes along when an id is copied: white space, quotes, brackets, a trailing comma, a key before it. */
export function cleanId(text: string): string {
  const bare = text.trim().replace(/^["'`“”‘’([{<\s]+|["'`“”‘’)\]}>,;\s]+$/g, "");
  const valueOfKey = /^["']?[A-Za-z_]*(?:Job|Task)_?Id["']?\s*[:=]\s*["'`]?([^"'`\s,;]+)/i.exec(bare);
  return valueOfKey?.[1] ?? bare;
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
 * The job ids in `text`, in order. `known` tells ids that are tracked: those are found whatever their form,
 * and whatever stands near them. Ids whose key says they are something else (a media, a request) are left out.
 */
export function findJobIds(text: string, known: Iterable<string> = []): FoundId[] {
  const found: FoundId[] = [];
  const knownIds = new Set(known);
  for (const match of text.matchAll(hexId)) {
    const id = match[0];
    const start = match.index;
    const { type, named, other } = neighborhood(text, start);
    const isKnown = knownIds.has(id);
    if (other && !isKnown) continue;
    found.push({ id, start, end: start + id.length, type, because: isKnown ? "known" : named ? "named" : "form" });
  }
  for (const id of knownIds) {
    if (/^[0-9a-fA-F]{32}$/.test(id) || id.length < 6) continue;
    for (let start = text.indexOf(id); start >= 0; start = text.indexOf(id, start + id.length))
      found.push({ id, start, end: start + id.length, type: neighborhood(text, start).type, because: "known" });
  }
  return found.sort((a, b) => a.start - b.start);
}

/** Keys whose 32-digit values are something else than jobs. */
const otherKey =
  /(?:video|media|request|user|template|instance|workflow|group|image|file|trace|span|session|host|cate|app|transcode_?task)_?(?:instance_?)?ids?$|(?:md5|etag|hash|digest|nonce|token|signature|secret|password|checksum|media|video)$/i;
/** Keys that name jobs, with what comes before `JobId` telling the type. */
const jobKey = /(?:job|task)_?ids?$/i;

const typeWords: readonly [JobType, RegExp][] = [
  ["workflow", /workflow/i],
  ["snapshot", /snapshot|sprite/i],
  ["transcode", /transcod/i],
  ["ai", /(?:^|[^a-z])ai(?=[^a-z]|$|[A-Z_])|AIJob|AIMedia|aiJob|submitAI|media_?audit|censor/],
];

/** What stands near an id: the key directly before it, then the last type word within reach. */
function neighborhood(text: string, start: number): { type?: JobType; named: boolean; other: boolean } {
  const before = text.slice(Math.max(0, start - reach), start);
  const key = /([A-Za-z][A-Za-z0-9_-]*)["'`\\]*\s*(?:[:=(\s]|=>|:=)\s*(?:\[\s*)?["'`\\\s]*$/.exec(before)?.[1];
  if (key && otherKey.test(key)) return { named: false, other: true };
  const named = key !== undefined && jobKey.test(key);
  const ownWord = key && typeOfWord(key);
  if (ownWord) return { type: ownWord, named: true, other: false };
  const line = before.slice(before.lastIndexOf("\n") + 1);
  const type = lastTypeWord(line) ?? lastTypeWord(before);
  if (type) return { type, named: true, other: false };
  const bareTask = key !== undefined && /^task_?id$/i.test(key);
  return { type: bareTask ? "workflow" : undefined, named, other: false };
}

function typeOfWord(word: string): JobType | undefined {
  return typeWords.find(([, pattern]) => pattern.test(word))?.[0];
}

/** The type named last in `text`: of several API names above an id, the nearest one is the one that gave it. */
function lastTypeWord(text: string): JobType | undefined {
  let best: { type: JobType; at: number } | undefined;
  for (const [type, pattern] of typeWords) {
    for (const match of text.matchAll(new RegExp(pattern.source, `${pattern.flags}g`)))
      if (!best || match.index > best.at) best = { type, at: match.index };
  }
  return best?.type;
}

/** All types, the likeliest first: the order in which "find out" asks. */
export function typesToTry(hint?: JobType): JobType[] {
  const usual: JobType[] = ["transcode", "workflow", "snapshot", "ai"];
  return hint ? [hint, ...usual.filter((type) => type !== hint)] : usual;
}
