/**
 * What a job panel and its host say to each other. The host owns the data: it sends everything once (`snapshot`) and
 * then what changed (`patch`), each with the number that follows the last; a panel that misses one asks again.
 *
 * Both ends refuse what is not exactly one of these messages: a page is a place where others can speak, too.
 * All times are milliseconds since 1970.
 */
import type { ActivityComparison } from "../workflow/compare.ts";
import type { Dependency, Evidence } from "../workflow/dependencies.ts";
import type { Decoded } from "../workflow/embedded.ts";
import type { Activity, ActivityPhase } from "../workflow/types.ts";

/** Raised with every change that an older page would misread: a page restored from before an update asks in vain. */
export const protocolVersion = 1;

export const phases = ["failed", "running", "pending", "succeeded", "canceled", "skipped", "unknown"] as const;
export const views = ["timeline", "steps", "table"] as const;
export const evidences: readonly Evidence[] = ["stated", "by definition", "data reference"];

export type View = (typeof views)[number];

/** "Runs after": one edge into an activity, with its evidence. */
export type Link = Omit<Dependency, "to">;

/** An activity as it is drawn. Its Result is sent when somebody looks at it. */
export interface ViewActivity extends Omit<Activity, "result"> {
  /** Characters of its Result; absent when it has none. */
  readonly resultSize?: number;
  readonly after?: readonly Link[];
  /** How long nothing else ran beside it, milliseconds; sent for the activity that held the run up most. */
  readonly alone?: number;
  /** How it compares with the same activity of the previous run. */
  readonly was?: Omit<ActivityComparison, "name">;
}

export interface JobHeader {
  readonly type: "transcode" | "snapshot" | "ai" | "workflow";
  readonly id: string;
  readonly title: string;
  /** In plain words, e.g. the type and the region. */
  readonly about: string;
  readonly phase: ActivityPhase;
  /** The service's own word; absent until the first answer. */
  readonly status?: string;
  readonly createdAt?: number;
  readonly finishedAt?: number;
  readonly checkedAt?: number;
  readonly nextCheckAt?: number;
  readonly likelyEndAt?: number;
  /** The host's clock, when this was sent. */
  readonly now: number;
}

/** What is wrong with the last attempt to ask, and what a person can do. The last answer stays drawn. */
export interface Trouble {
  readonly text: string;
  readonly at: number;
  /** Titles of the next steps, run by their place. */
  readonly steps: readonly string[];
}

/** One field in plain words: a text, a time, or an embedded JSON as a tree. */
export interface Field {
  /** Empty where the section's title says it. */
  readonly label: string;
  readonly phase?: ActivityPhase;
  /** A word of evidence in a frame, e.g. "stated". */
  readonly mark?: string;
  readonly text?: string;
  readonly at?: number;
  readonly tree?: Decoded;
  /** An id or code: set in the editor's font, with a copy button. */
  readonly code?: boolean;
  /** Activities to go to. */
  readonly names?: readonly string[];
  /** What it means, beside it. */
  readonly note?: string;
  /** What to beware of. */
  readonly warning?: string;
}

export interface Section {
  readonly title: string;
  readonly fields: readonly Field[];
}

/** A change of status that was seen. */
export interface Moment {
  readonly at: number;
  readonly phase: ActivityPhase;
  readonly status: string;
}

/** An entry of the menu, by the name that the host knows it by. */
export interface MenuItem {
  readonly id: string;
  readonly label: string;
}

/** Everything beside the activities; replaced part by part. */
export interface Parts {
  readonly header: JobHeader;
  /** The service is being asked now. */
  readonly asking: boolean;
  readonly trouble: Trouble | null;
  readonly sections: readonly Section[];
  readonly life: readonly Moment[];
  readonly menu: readonly MenuItem[];
  /** What a person should know of the workflow as a whole, in sentences: an attached topology, names in no result. */
  readonly remarks: readonly string[];
  /** When the previous run of the same workflow was created, when it is compared with. */
  readonly previousAt: number | null;
}

/** A drawing as a list of marks, painted in order; colors are roles of the palette that came with the request. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly marks: readonly Mark[];
}
export type Mark =
  | {
      readonly d: string;
      readonly fill?: string;
      readonly stroke?: string;
      readonly line?: number;
      readonly dash?: readonly number[];
    }
  | {
      readonly text: string;
      readonly x: number;
      readonly y: number;
      readonly size: number;
      readonly fill: string;
      readonly bold?: boolean;
      readonly end?: boolean;
    };

/** One change. Activities are named; `put` adds or replaces one. */
export type Op =
  | { readonly op: "parts"; readonly parts: Partial<Parts> }
  | { readonly op: "put"; readonly activity: ViewActivity }
  | { readonly op: "drop"; readonly name: string };

/** The layered graph: places of the cards (same order as `names`) and the edges as corners of their ways. */
export interface StepsLayout {
  readonly width: number;
  readonly height: number;
  readonly cardWidth: number;
  readonly cardHeight: number;
  readonly names: readonly string[];
  /** Left edges and tops of the cards. */
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly edges: readonly StepsEdge[];
}
export interface StepsEdge {
  /** Places in `names`. */
  readonly from: number;
  readonly to: number;
  readonly evidence: Evidence;
  readonly contradicted?: true;
  /** x, y, x, y, … from the right side of one card to the left side of the other. */
  readonly points: readonly number[];
}

export type ToPanel =
  | {
      readonly type: "snapshot";
      readonly version: number;
      readonly rev: number;
      readonly parts: Parts;
      readonly activities: readonly ViewActivity[];
    }
  | { readonly type: "patch"; readonly rev: number; readonly ops: readonly Op[] }
  | { readonly type: "details"; readonly name: string; readonly sections: readonly Section[] }
  | { readonly type: "steps"; readonly layout: StepsLayout }
  | { readonly type: "select"; readonly name: string }
  | { readonly type: "ask"; readonly what: "svg" | "png" }
  | { readonly type: "paint"; readonly drawing: Drawing };

/** What the host needs to draw what the panel shows. */
export interface Exposure {
  readonly format: "svg" | "png";
  readonly view: View;
  readonly names: readonly string[];
  readonly selected: string | null;
  /** The part of the time axis that shows; null when all of it does. */
  readonly from: number | null;
  readonly to: number | null;
  readonly width: number;
  /** CSS colors by role. */
  readonly palette: Readonly<Record<string, string>>;
}

export type ToHost =
  | { readonly type: "ready"; readonly version: number }
  | { readonly type: "resync" }
  | { readonly type: "view"; readonly view: View }
  | { readonly type: "select"; readonly name: string | null }
  | { readonly type: "refresh" }
  | { readonly type: "menu"; readonly id: string }
  | { readonly type: "step"; readonly index: number }
  | {
      /** Copies the tree of a field, whole: of the details of `name`, or with null of the task's sections. */
      readonly type: "copyTree";
      readonly name: string | null;
      readonly section: number;
      readonly field: number;
    }
  | { readonly type: "copy"; readonly text: string }
  | { readonly type: "expose"; readonly exposure: Exposure }
  | { readonly type: "png"; readonly data: string }
  | { readonly type: "broken"; readonly text: string };

// ---------------------------------------------------------------------------------------------------------------------

/** The texts of the page, in the language of the editor; `{0}` stands for what is filled in, `one|many` for a plural. */
export type Words = Readonly<Record<Word, string>>;
export type Word =
  | ActivityPhase
  | View
  | "activity"
  | "after"
  | "alone"
  | "asking"
  | "banner"
  | "copied"
  | "copy"
  | "count"
  | "created"
  | "cut"
  | "duration"
  | "ended"
  | "faster"
  | "finished"
  | "into"
  | "kind"
  | "legendBar"
  | "legendData"
  | "legendDefinition"
  | "legendStated"
  | "life"
  | "likely"
  | "loading"
  | "local"
  | "matches"
  | "more"
  | "never"
  | "newlyFailed"
  | "nextCheck"
  | "nextTry"
  | "noActivities"
  | "noEnd"
  | "noMatch"
  | "notReported"
  | "now"
  | "overdue"
  | "refresh"
  | "result"
  | "search"
  | "showAll"
  | "showFailed"
  | "slower"
  | "soFar"
  | "stale"
  | "started"
  | "status"
  | "task"
  | "undecoded"
  | "utc"
  | "waiting"
  | "withFailures";

// ---------------------------------------------------------------------------------------------------------------------

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const oneOf =
  (words: readonly unknown[]): Check =>
  (value) =>
    words.includes(value);
const upTo =
  (most: number): Check =>
  (value) =>
    typeof value === "string" && value.length <= most;

/**
 * An object with these fields and no others: `name` is a text, `name:check` what that check lets through, `name?:check`
 * may be missing; behind a check `*` means a list of such, `~` such or null.
 */
const shape = (schema: string): Check => {
  const fields = new Map<string, Check>();
  const needed: string[] = [];
  for (const field of schema.split(" ")) {
    const [, name, optional, check = "text", many] = /^(\w+)(\??):?(\w+)?([*~])?$/.exec(field)!;
    const one: Check = (value) => checks[check]!(value);
    const list: Check = (value) => Array.isArray(value) && value.every(one);
    fields.set(name!, many === "*" ? list : many ? (value) => value === null || one(value) : one);
    if (!optional) needed.push(name!);
  }
  return (value) => {
    if (!isObject(value)) return false;
    for (const key in value) if (value[key] !== undefined && !fields.get(key)?.(value[key])) return false;
    return needed.every((name) => value[name] !== undefined);
  };
};
/** One of several shapes, told apart by the word in `key`. */
const either = (key: string, schemas: Readonly<Record<string, string>>): Check => {
  const shapes = new Map(Object.entries(schemas).map(([word, schema]) => [word, shape(`${key} ${schema}`.trim())]));
  return (value) => isObject(value) && shapes.get(value[key] as string)?.(value) === true;
};

const parts = {
  header: "header",
  asking: "flag",
  trouble: "trouble~",
  sections: "section*",
  life: "moment*",
  menu: "item*",
  remarks: "text*",
  previousAt: "number~",
} satisfies Record<keyof Parts, string>;
const partsSchema = (mark: string) =>
  Object.entries(parts)
    .map(([name, check]) => `${name}${mark}:${check}`)
    .join(" ");

const checks: Record<string, Check> = {
  text: isText,
  number: Number.isFinite,
  flag: (value) => typeof value === "boolean",
  phase: oneOf(phases),
  evidence: oneOf(evidences),
  version: oneOf([protocolVersion]),
  decoded: either("kind", {
    object: "entries:entry* from? truncated?:number",
    array: "items:decoded* from? truncated?:number",
    string: "value truncated?:number undecoded?:flag",
    number: "text",
    boolean: "value:flag",
    null: "",
  }),
  entry: (pair) => Array.isArray(pair) && pair.length === 2 && isText(pair[0]) && checks.decoded!(pair[1]),
  activity: shape(
    "name kind status phase:phase instanceId startedAt?:number endedAt?:number notes?:text* resultSize?:number after?:link* alone?:number was?:comparison",
  ),
  link: shape("from evidence:evidence source? token? contradicted?:flag binding?:flag"),
  comparison: shape(
    "change before?:number after?:number delta?:number ratio?:number newlyFailing?:flag recovered?:flag",
  ),
  header: shape(
    "type id title about phase:phase status? createdAt?:number finishedAt?:number checkedAt?:number nextCheckAt?:number likelyEndAt?:number now:number",
  ),
  trouble: shape("text at:number steps:text*"),
  section: shape("title fields:field*"),
  field: shape("label phase?:phase mark? text? at?:number tree?:decoded code?:flag names?:text* note? warning?"),
  moment: shape("at:number phase:phase status"),
  item: shape("id label"),
  parts: shape(partsSchema("")),
  someParts: shape(partsSchema("?")),
  op: either("op", { parts: "parts:someParts", put: "activity:activity", drop: "name" }),
  layout: shape(
    "width:number height:number cardWidth:number cardHeight:number names:text* x:number* y:number* edges:edge*",
  ),
  edge: shape("from:number to:number evidence:evidence contradicted?:flag points:number*"),
  drawing: shape("width:number height:number marks:mark*"),
  mark: (value) =>
    shape("d fill? stroke? line?:number dash?:number*")(value) ||
    shape("text x:number y:number size:number fill bold?:flag end?:flag")(value),
};

const toPanel = either("type", {
  snapshot: "version:version rev:number parts:parts activities:activity*",
  patch: "rev:number ops:op*",
  details: "name sections:section*",
  steps: "layout:layout",
  select: "name",
  ask: "what",
  paint: "drawing:drawing",
});

/** What a page may say is bounded, too: names and texts in length, lists in number. */
const hostChecks = (): Record<string, Check> => ({
  name: upTo(1e5),
  id: upTo(40),
  short: upTo(2000),
  long: upTo(1e6),
  view: oneOf(views),
  format: oneOf(["svg", "png"]),
  names: (value) => Array.isArray(value) && value.length <= 500 && value.every(upTo(1e5)),
  // Colors as computed style gives them; nothing that could leave an attribute.
  palette: (value) =>
    isObject(value) &&
    Object.values(value).every((color) => upTo(80)(color) && /^[\w#]*\(?[\w\s.,%/-]*\)?$/.test(color as string)),
  png: (value) => upTo(1e8)(value) && /^data:image\/png;base64,[\w+/=]+$/.test(value as string),
  exposure: shape(
    "format:format view:view names:names selected:name~ from:number~ to:number~ width:number palette:palette",
  ),
});

// Made at the first message, so that the page's bundle carries no check of the other direction.
let toHost: Check | undefined;

/** The message when it is one of the host's, exactly; undefined for anything else. */
export function readToPanel(message: unknown): ToPanel | undefined {
  return toPanel(message) ? (message as ToPanel) : undefined;
}

/** The message when it is one of the panel's, exactly; undefined for anything else. */
export function readToHost(message: unknown): ToHost | undefined {
  if (!toHost) {
    Object.assign(checks, hostChecks());
    toHost = either("type", {
      ready: "version:number",
      resync: "",
      view: "view:view",
      select: "name:name~",
      refresh: "",
      menu: "id:id",
      step: "index:number",
      copyTree: "name:name~ section:number field:number",
      copy: "text:long",
      expose: "exposure:exposure",
      png: "data:png",
      broken: "text:short",
    });
  }
  return toHost(message) ? (message as ToHost) : undefined;
}
