/**
 * What a job panel and its host say to each other. The host owns the data: it sends everything once (`snapshot`) and
 * then what changed (`patch`), each with the number that follows the last; a panel that misses one asks again.
 *
 * Both ends refuse what is not exactly one of these messages: a page is a place where others can speak, too.
 * All times are milliseconds since 1970.
 */
import type { Dependency, Evidence } from "../workflow/dependencies.ts";
import type { Decoded } from "../workflow/embedded.ts";
import type { EndedBefore } from "../workflow/timeOrder.ts";
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
  /** The same activity in the previous run: its phase, and how long it took. */
  readonly was?: { readonly phase: ActivityPhase; readonly took?: number };
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

/** One field of the answer in plain words: a text, a time, or an embedded JSON as a tree. */
export interface Field {
  readonly label: string;
  readonly text?: string;
  readonly at?: number;
  readonly tree?: Decoded;
  /** An id or code: set in the editor's font, with a copy button. */
  readonly code?: boolean;
  /** What it means, beside it. */
  readonly note?: string;
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
  | {
      /** What is read only when somebody looks at an activity. */
      readonly type: "details";
      readonly name: string;
      /** Its Result, decoded; null when it has none. */
      readonly tree: Decoded | null;
      /** What the times alone say: those that had ended when it started. */
      readonly before: EndedBefore;
    }
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
  | { readonly type: "copyResult"; readonly name: string }
  | { readonly type: "copy"; readonly text: string }
  | { readonly type: "expose"; readonly exposure: Exposure }
  | { readonly type: "png"; readonly data: string }
  | { readonly type: "broken"; readonly text: string };

// ---------------------------------------------------------------------------------------------------------------------

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === "string";
const flag: Check = (value) => typeof value === "boolean";
const number: Check = (value) => Number.isFinite(value);
const oneOf =
  (words: readonly unknown[]): Check =>
  (value) =>
    words.includes(value);
const upTo =
  (most: number): Check =>
  (value) =>
    typeof value === "string" && value.length <= most;
const maybe =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const list =
  (check: Check, most = 1e6): Check =>
  (value) =>
    Array.isArray(value) && value.length <= most && value.every(check);
/** An object with these fields and no others. */
const shape = (fields: Readonly<Record<string, Check>>): Check => {
  const known = Object.entries(fields);
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
    const object = value as Record<string, unknown>;
    for (const key in object) if (!Object.hasOwn(fields, key)) return false;
    for (const [key, check] of known) if (!check(object[key])) return false;
    return true;
  };
};
/** One of several shapes, told apart by the word in `key`. */
const either = (key: string, shapes: Readonly<Record<string, Readonly<Record<string, Check>>>>): Check => {
  const checks = new Map(Object.entries(shapes).map(([word, fields]) => [word, shape({ [key]: text, ...fields })]));
  return (value) => checks.get((value as Record<string, string> | null)?.[key] ?? "")?.(value) === true;
};

const phase = oneOf(phases);
const evidence = oneOf(evidences);
const names = list(text);
const numbers = list(number);

const tree: Check = (value) => decoded(value);
const decoded = /* @__PURE__ */ either("kind", {
  object: {
    entries: list((pair) => Array.isArray(pair) && pair.length === 2 && text(pair[0]) && tree(pair[1])),
    from: maybe(text),
    truncated: maybe(number),
  },
  array: { items: list(tree), from: maybe(text), truncated: maybe(number) },
  string: { value: text, truncated: maybe(number), undecoded: maybe(flag) },
  number: { text },
  boolean: { value: flag },
  null: {},
});

const activity = /* @__PURE__ */ shape({
  name: text,
  kind: text,
  status: text,
  phase,
  instanceId: text,
  startedAt: maybe(number),
  endedAt: maybe(number),
  notes: maybe(names),
  resultSize: maybe(number),
  after: maybe(
    list(
      shape({
        from: text,
        evidence,
        source: maybe(text),
        token: maybe(text),
        contradicted: maybe(flag),
        binding: maybe(flag),
      }),
    ),
  ),
  alone: maybe(number),
  was: maybe(shape({ phase, took: maybe(number) })),
});

const parts: Readonly<Record<keyof Parts, Check>> = {
  header: /* @__PURE__ */ shape({
    type: text,
    id: text,
    title: text,
    about: text,
    phase,
    status: maybe(text),
    createdAt: maybe(number),
    finishedAt: maybe(number),
    checkedAt: maybe(number),
    nextCheckAt: maybe(number),
    likelyEndAt: maybe(number),
    now: number,
  }),
  asking: flag,
  trouble: /* @__PURE__ */ orNull(shape({ text, at: number, steps: names })),
  sections: /* @__PURE__ */ list(
    shape({
      title: text,
      fields: list(
        shape({
          label: text,
          text: maybe(text),
          at: maybe(number),
          tree: maybe(tree),
          code: maybe(flag),
          note: maybe(text),
        }),
      ),
    }),
  ),
  life: /* @__PURE__ */ list(shape({ at: number, phase, status: text })),
  menu: /* @__PURE__ */ list(shape({ id: text, label: text })),
  remarks: names,
  previousAt: /* @__PURE__ */ orNull(number),
};

const toPanel = /* @__PURE__ */ either("type", {
  snapshot: { version: oneOf([protocolVersion]), rev: number, parts: shape(parts), activities: list(activity) },
  patch: {
    rev: number,
    ops: list(
      either("op", {
        parts: { parts: shape(Object.fromEntries(Object.entries(parts).map(([key, check]) => [key, maybe(check)]))) },
        put: { activity },
        drop: { name: text },
      }),
    ),
  },
  details: { name: text, tree: orNull(tree), before: shape({ count: number, latest: names }) },
  steps: {
    layout: shape({
      width: number,
      height: number,
      cardWidth: number,
      cardHeight: number,
      names,
      x: numbers,
      y: numbers,
      edges: list(shape({ from: number, to: number, evidence, contradicted: maybe(flag), points: numbers })),
    }),
  },
  select: { name: text },
  ask: { what: oneOf(["svg", "png"]) },
  paint: {
    drawing: shape({
      width: number,
      height: number,
      marks: list(
        (mark) =>
          shape({ d: text, fill: maybe(text), stroke: maybe(text), line: maybe(number), dash: maybe(numbers) })(mark) ||
          shape({ text, x: number, y: number, size: number, fill: text, bold: maybe(flag), end: maybe(flag) })(mark),
      ),
    }),
  },
});

/** A color as computed style gives it; nothing that could leave an attribute. */
const color: Check = (value) => typeof value === "string" && /^[a-z]{0,9}[#(]?[\w\s.,%/-]{0,60}\)?$/.test(value);
const name = upTo(1e5);

const hostCheck = () =>
  either("type", {
    ready: { version: number },
    resync: {},
    view: { view: oneOf(views) },
    select: { name: orNull(name) },
    refresh: {},
    menu: { id: upTo(40) },
    step: { index: number },
    copyResult: { name },
    copy: { text: upTo(1e6) },
    expose: {
      exposure: shape({
        format: oneOf(["svg", "png"]),
        view: oneOf(views),
        names: list(name, 500),
        selected: orNull(name),
        from: orNull(number),
        to: orNull(number),
        width: number,
        palette: (value) =>
          typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every(color),
      }),
    },
    png: { data: (value) => upTo(1e8)(value) && /^data:image\/png;base64,[\w+/=]+$/.test(value as string) },
    broken: { text: upTo(2000) },
  });

// Made at the first message, so that the page's bundle carries no check of the other direction.
let toHost: Check | undefined;

/** The message when it is one of the host's, exactly; undefined for anything else. */
export function readToPanel(message: unknown): ToPanel | undefined {
  return toPanel(message) ? (message as ToPanel) : undefined;
}

/** The message when it is one of the panel's, exactly; undefined for anything else. */
export function readToHost(message: unknown): ToHost | undefined {
  toHost ??= hostCheck();
  return toHost(message) ? (message as ToHost) : undefined;
}
