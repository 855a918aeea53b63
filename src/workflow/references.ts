import type { Dependency } from "./dependencies.ts";
import { parseEmbedded } from "./embedded.ts";
import { activitySpan, spanEnd, spanStart } from "./span.ts";
import type { Activity } from "./types.ts";

/** Tokens of one Result beyond this many are not looked at. */
const maxTokens = 5000;
/** Strings in strings deeper than this are not looked at. */
const maxDepth = 32;

/**
 * What the Results say of "runs after": an id first seen in one activity's Result and later in another's is a data
 * reference; another activity's instance id is a statement. This decodes every Result, so it is asked for when a person
 * wants to know, not when a run is opened. Linear in the length of the Results.
 *
 * No evidence: ids of the task input or of the `start` activity's Result (everybody has them), RequestIds, an activity's
 * own instance id, host names, numbers, and an id that somebody held before its first holder had ended, for then it came
 * from elsewhere. `ignored` are further ids that everybody has: the task's, the workflow's, the media's.
 */
export function dataReferences(
  activities: readonly Activity[],
  taskInput?: string,
  ignored: Iterable<string> = [],
): Dependency[] {
  const common = new Set(ignored);
  for (const token of tokensOf(taskInput)) common.add(token);
  for (const activity of activities) {
    if (activity.kind.toLowerCase() === "start") for (const token of tokensOf(activity.result)) common.add(token);
  }
  const instances = new Map<string, string>();
  for (const { name, instanceId } of activities) if (instanceId !== "") instances.set(instanceId, name);

  const stated: Dependency[] = [];
  const holders = new Map<string, Activity[]>();
  for (const activity of inTime(activities)) {
    for (const token of tokensOf(activity.result)) {
      const named = instances.get(token);
      if (named !== undefined) {
        if (named !== activity.name) stated.push(statement(named, activity.name, token));
      } else if (!common.has(token)) {
        const known = holders.get(token);
        if (known) known.push(activity);
        else holders.set(token, [activity]);
      }
    }
  }
  return [...stated, ...[...holders].flatMap(([token, held]) => references(token, held))];
}

function statement(from: string, to: string, token: string): Dependency {
  return { from, to, evidence: "stated", source: "result", token };
}

/** From the first holder of a token to every other, when all others began after it had ended. */
function references(token: string, holders: readonly Activity[]): Dependency[] {
  const [first, ...others] = holders;
  if (!first || others.length === 0) return [];
  const ended = spanEnd(activitySpan(first), Number.POSITIVE_INFINITY);
  if (ended === undefined || others.some(({ startedAt }) => startedAt === undefined || startedAt < ended)) return [];
  return others.map(({ name }) => ({ from: first.name, to: name, evidence: "data reference", token }));
}

/** By end, then start: the first of a token's holders is the one that had it first. */
function inTime(activities: readonly Activity[]): Activity[] {
  const never = Number.POSITIVE_INFINITY;
  const key = (activity: Activity) => {
    const span = activitySpan(activity);
    return { activity, end: spanEnd(span, never) ?? never, start: spanStart(span) ?? never };
  };
  const compare = (a: number, b: number) => (a < b ? -1 : a > b ? 1 : 0);
  return activities
    .map(key)
    .sort((a, b) => compare(a.end, b.end) || compare(a.start, b.start))
    .map(({ activity }) => activity);
}

/** The distinct ids in a Result: 16 to 128 letters, digits, `-` or `_`, of which some are letters and some digits. */
function tokensOf(text: string | undefined): Set<string> {
  const tokens = new Set<string>();
  if (text !== undefined) collect(parseEmbedded(text) ?? text, "", tokens, 0);
  return tokens;
}

function collect(value: unknown, key: string, tokens: Set<string>, depth: number): void {
  if (depth > maxDepth || tokens.size >= maxTokens || /request_?id$/i.test(key)) return;
  if (typeof value === "string") {
    const inner = /^\s*[\\"]*[{[]/.test(value) ? parseEmbedded(value) : undefined;
    if (typeof inner === "object") collect(inner, key, tokens, depth + 1);
    else addTokens(value, tokens);
  } else if (Array.isArray(value)) {
    for (const item of value) collect(item, key, tokens, depth + 1);
  } else if (typeof value === "object" && value !== null) {
    for (const [name, item] of Object.entries(value)) collect(item, name, tokens, depth + 1);
  }
}

/** Hosts. Begun where a word begins: tried at every character instead, a long word would cost its length squared. */
const hosts = /\/\/[^/?#\s]{1,253}|(?<![\w.-])[\w.-]{1,253}\.aliyuncs\.com/g;
/** Words that may be ids. All repetitions are bounded: V8 gives up on a run of some million characters otherwise. */
const words = /(?<![0-9A-Za-z_-])[0-9A-Za-z_-]{16,160}(?![0-9A-Za-z_-])/g;

function addTokens(text: string, tokens: Set<string>): void {
  for (const [word] of text.replace(hosts, " ").matchAll(words)) {
    const token = word.replace(/^[_-]+/, "");
    if (token.length < 16 || token.length > 128) continue;
    if (/[0-9]/.test(token) && /[A-Za-z]/.test(token)) tokens.add(token);
    if (tokens.size >= maxTokens) return;
  }
}
