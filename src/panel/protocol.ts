/**
 * What a job panel and its host say to each other. The host owns the data: it sends everything once (`snapshot`) and
 * then what changed (`patch`), each with the number that follows the last; a panel that misses one asks again.
 *
 * Both ends refuse what is not exactly one of these messages: a page is a place where others can speak, too.
 * All times are milliseconds since 1970.
 */
import type { Dependency, Evidence } from "../workflow/dependencies.ts";
import type { Decoded } from "../workflow/embedded.ts";
import type { Span } from "../workflow/span.ts";
import type { TimeAxis, TimeView } from "../workflow/timeScale.ts";
import type { Activity, ActivityPhase } from "../workflow/types.ts";

/** Raised with every change that an older page would misread: a page restored from before an update asks in vain. */
export const protocolVersion = 2;

export const phases = ["failed", "running", "pending", "succeeded", "canceled", "skipped", "unknown"] as const;
export const views = ["timeline", "steps", "table"] as const;

export type View = (typeof views)[number];

/** "Runs after": one edge into an activity, with its evidence. */
export type Link = Pick<Dependency, "from" | "evidence" | "contradicted" | "binding">;

/** An activity as it is drawn. Its Result and the rest of what is known of it are sent when somebody looks at it. */
export interface ViewActivity extends Pick<Activity, "name" | "kind" | "phase"> {
  /** `point`: one end is missing, or it ended before it started; `none`: it has no times. */
  readonly shape: Span["kind"];
  /** Where it lies on the time axis; of a point both are where it is, of what is running `to` is absent. */
  readonly from?: number;
  readonly to?: number;
  readonly missing?: "start" | "end" | "order";
  /** Its status in words. */
  readonly word: string;
  /** What is worth saying beside its bar: that it was alone at work, that it is slower than before. */
  readonly remark?: string;
  readonly after?: readonly Link[];
}

export interface JobHeader {
  readonly title: string;
  /** The shape beside the title. */
  readonly phase: ActivityPhase;
  /** How it stands, in words. */
  readonly standing: string;
  /** What else a line can say of it: when it was created, how many activities it has, where it runs. */
  readonly about: string;
  /** False until the first answer. */
  readonly answered: boolean;
  /** It goes on: its end is the present. */
  readonly live: boolean;
  /** Where its time begins and, when it has ended, ends; absent when it has no times. */
  readonly from?: number;
  readonly to?: number;
  readonly nextCheckAt?: number;
  readonly likelyEndAt?: number;
  /** The host's clock, when this was sent. */
  readonly now: number;
}

/** What is wrong with the last attempt to ask, what that means for what is drawn, and what a person can do. */
export interface Trouble {
  readonly text: string;
  /** Titles of the next steps, run by their place. */
  readonly steps: readonly string[];
}

/** A decoded value as a tree to open and close. */
export interface TreeNode {
  /** Empty at the root, and where the place says it. */
  readonly key: string;
  readonly kind: Decoded["kind"] | "cut";
  /** The value; of an object or array how many it holds. */
  readonly text: string;
  /** What is left off, or not decoded. */
  readonly note?: string;
  readonly items?: readonly TreeNode[];
  /** Closed until somebody opens it. */
  readonly closed?: boolean;
}

/** One field in plain words: a text, a time, or an embedded JSON as a tree. */
export interface Field {
  /** Empty where the section's title says it. */
  readonly label: string;
  readonly phase?: ActivityPhase;
  /** A word of evidence in a frame, e.g. "stated". */
  readonly mark?: string;
  /** How it is framed. */
  readonly rung?: "stated" | "time-only";
  readonly text?: string;
  /** How much is done, 0 to 1. */
  readonly share?: number;
  readonly at?: number;
  /** Of `at`, the time of day is enough. */
  readonly clock?: true;
  readonly tree?: TreeNode;
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

/** A moment in the life of the job: its creation, a change of status that was seen, its end. */
export interface Moment {
  readonly at: number;
  readonly phase: ActivityPhase;
  readonly text: string;
  /** Until the next moment, as a share of the whole and in words; absent of the last. */
  readonly share?: number;
  readonly length?: string;
}

/** Everything beside the activities; replaced part by part. */
export interface Parts {
  readonly header: JobHeader;
  /** The service is being asked now. */
  readonly asking: boolean;
  readonly trouble: Trouble | null;
  /** The time axis of a run, idle stretches folded; of a live one it ends beyond the present. */
  readonly axis: TimeAxis;
  /** What contradicts the status that the task reports. */
  readonly banner: string | null;
  /** What changed last, for who listens instead of looking. */
  readonly news: string;
}

/** A drawing as a list of marks, painted in order. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly marks: readonly Mark[];
}

/** A path, or a text at `x`, `y`, in CSS colors. */
export interface Mark {
  /** As in SVG; filled by the even-odd rule. */
  readonly d?: string;
  readonly text?: string;
  readonly x?: number;
  readonly y?: number;
  /** Of the text, pixels. */
  readonly size?: number;
  readonly bold?: boolean;
  /** The text ends at `x`. */
  readonly end?: boolean;
  /** The text goes up from `x`, `y`. */
  readonly turned?: boolean;
  readonly fill?: string;
  readonly stroke?: string;
  /** Width of the stroke, 1 when absent. */
  readonly line?: number;
  readonly dash?: readonly number[];
}

/** A drawing for a canvas. */
export interface Painting {
  readonly width: number;
  readonly height: number;
  readonly marks: readonly {
    /** Properties of the canvas's context. */
    readonly style: Readonly<Record<string, string | number>>;
    readonly dash: readonly number[];
    readonly d?: string;
    readonly text?: string;
    readonly x?: number;
    readonly y?: number;
    readonly turned?: boolean;
  }[];
}

/** One change. Activities are named; `put` adds or replaces one, and says its place in the order of the views. */
export type Op =
  | { readonly op: "parts"; readonly parts: Partial<Parts> }
  | { readonly op: "put"; readonly activity: ViewActivity; readonly place: number }
  | { readonly op: "drop"; readonly name: string };

/** The layered graph: places of the cards (same order as `names`) and the edges as ways between them. */
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
  /** From the right side of one card to the left side of the other, and the arrow's head there, as SVG paths. */
  readonly way: string;
  readonly head: string;
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
      /** What is known of an activity, or with null of the task. */
      readonly type: "details";
      readonly name: string | null;
      readonly title: string;
      readonly phase: ActivityPhase;
      /** What a person should know of it, in sentences. */
      readonly notes: readonly string[];
      readonly life: readonly Moment[];
      readonly sections: readonly Section[];
    }
  | { readonly type: "steps"; readonly layout: StepsLayout }
  | { readonly type: "select"; readonly name: string }
  | { readonly type: "ask"; readonly what: Exposure["format"] }
  | { readonly type: "paint"; readonly drawing: Painting };

/** What the host needs to draw what the panel shows. */
export interface Exposure {
  readonly format: "svg" | "png";
  readonly view: View;
  readonly names: readonly string[];
  readonly selected: string | null;
  /** The window on the time axis; null when all of it shows. */
  readonly time: TimeView | null;
  readonly width: number;
  /** CSS colors by role. */
  readonly palette: Readonly<Record<string, string>>;
}

export type ToHost =
  | { readonly type: "ready"; readonly version: number; readonly restored: boolean }
  | { readonly type: "resync" }
  | { readonly type: "view"; readonly view: View }
  | { readonly type: "select"; readonly name: string | null }
  | { readonly type: "refresh" }
  | { readonly type: "menu" }
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

/** The texts of the page, in the language of the editor; `{0}` stands for what is filled in. */
export type Words = Readonly<Record<Word, string>>;
export type Word =
  | ActivityPhase
  | "asking"
  | "copied"
  | "copy"
  | "idle"
  | "into"
  | "likely"
  | "loading"
  | "local"
  | "nextCheck"
  | "matches"
  | "more"
  | "never"
  | "noEnd"
  | "noMatch"
  | "notReported"
  | "overdue"
  | "search"
  | "soFar"
  | "units";

// ---------------------------------------------------------------------------------------------------------------------

type Check = (value: unknown) => boolean;
/**
 * What a value must be like: of a type by its name (`string`, `number`, `boolean`, `object`), a certain text (`=word`), a
 * shape by its name (`@name`), or this very value; `[like]` for a list of such, `[like, like, …]` for one of several; an
 * object for one with these fields and no others, of which those may be missing whose name here ends in `?`.
 */
type Like = Check | string | number | boolean | null | undefined | readonly Like[] | Fields;
interface Fields {
  readonly [field: string]: Like;
}

/** The check for `like`; `named`: the shapes that it names. */
export function checkOf(like: Like, named: Fields = {}): Check {
  const make = (part: Like) => checkOf(part, named);
  if (typeof like === "function") return like;
  if (typeof like === "string") {
    const word = like.slice(1);
    if (like[0] === "@") {
      // Made when it is first met: a tree is made of trees.
      let shape: Check | undefined;
      return (value) => {
        shape ??= make(named[word]);
        return shape(value);
      };
    }
    return like[0] === "=" ? (value) => value === word : (value) => typeof value === like && value !== null;
  }
  if (Array.isArray(like)) {
    const all = like.map(make);
    if (all.length > 1) return (value) => all.some((one) => one(value));
    return (value) => Array.isArray(value) && value.every((item) => all[0]!(item));
  }
  if (typeof like !== "object" || !like) return (value) => value === like;
  const fields: Record<string, Check> = Object.create(null);
  for (const [name, part] of Object.entries(like)) {
    const field = name.replace("?", "");
    fields[field] = make(field === name ? part : ["undefined", part]);
  }
  return (value) => {
    if (typeof value !== "object" || !value || Array.isArray(value)) return false;
    for (const name in value) if (!(name in fields)) return false;
    for (const name in fields) if (!fields[name]!(value[name as never])) return false;
    return true;
  };
}

/**
 * The message in a text when it is one that `check` knows; undefined for anything else. The host's messages come as
 * JSON: a page takes 10,000 activities in a text many times faster than as objects.
 */
export function readMessage(text: unknown, check: Check): ToPanel | undefined {
  try {
    const message: unknown = JSON.parse(text as string);
    return check(message) ? (message as ToPanel) : undefined;
  } catch {
    return undefined;
  }
}

const text = "string";
const number = "number";
const flag = "boolean";
const words = (list: readonly string[]): Like => list.map((word) => `=${word}`);
const partShapes: Readonly<Record<keyof Parts, Like>> = {
  header: {
    title: text,
    phase: "@phase",
    standing: text,
    about: text,
    answered: flag,
    live: flag,
    "from?": number,
    "to?": number,
    "nextCheckAt?": number,
    "likelyEndAt?": number,
    now: number,
  },
  asking: flag,
  trouble: [null, { text: text, steps: [text] }],
  axis: {
    from: number,
    to: number,
    folds: [{ from: number, to: number }],
    length: number,
    times: [number],
    positions: [number],
  },
  banner: [null, text],
  news: text,
};

/** What the page takes, as data: the host puts it into the page, which checks every message by it. */
export function toPanelShapes(): Fields {
  return {
    phase: words(phases),
    tree: {
      key: text,
      kind: text,
      text: text,
      "note?": text,
      "closed?": true,
      "items?": ["@tree"],
    },
    activity: {
      name: text,
      kind: text,
      word: text,
      phase: "@phase",
      shape: words(["bar", "running", "point", "none"]),
      "from?": number,
      "to?": number,
      "missing?": text,
      "remark?": text,
      "after?": [{ from: text, evidence: text, "contradicted?": true, "binding?": true }],
    },
    section: {
      title: text,
      fields: [
        {
          label: text,
          "phase?": "@phase",
          "mark?": text,
          "rung?": text,
          "text?": text,
          "share?": number,
          "at?": number,
          "clock?": true,
          "tree?": "@tree",
          "code?": true,
          "names?": [text],
          "note?": text,
          "warning?": text,
        },
      ],
    },
    message: [
      {
        type: "=snapshot",
        version: protocolVersion,
        rev: number,
        parts: { ...partShapes },
        activities: ["@activity"],
      },
      {
        type: "=patch",
        rev: number,
        ops: [
          [
            {
              op: "=parts",
              parts: Object.fromEntries(Object.entries(partShapes).map(([name, like]) => [`${name}?`, like])),
            },
            { op: "=put", activity: "@activity", place: number },
            { op: "=drop", name: text },
          ],
        ],
      },
      {
        type: "=details",
        name: [null, text],
        title: text,
        phase: "@phase",
        notes: [text],
        life: [{ at: number, phase: "@phase", text: text, "share?": number, "length?": text }],
        sections: ["@section"],
      },
      {
        type: "=steps",
        layout: {
          width: number,
          height: number,
          cardWidth: number,
          cardHeight: number,
          names: [text],
          x: [number],
          y: [number],
          edges: [{ from: number, to: number, evidence: text, "contradicted?": true, way: text, head: text }],
        },
      },
      { type: "=select", name: text },
      { type: "=ask", what: words(["svg", "png"]) },
      { type: "=paint", drawing: { width: number, height: number, marks: ["object"] } },
    ],
  };
}

let toPanel: Check | undefined;

/** The message in a text when it is one of the host's, exactly, as the page would read it. */
export function readToPanel(text: unknown): ToPanel | undefined {
  toPanel ??= checkOf("@message", toPanelShapes());
  return readMessage(text, toPanel);
}

const upTo =
  (most: number): Check =>
  (value) =>
    typeof value === "string" && value.length <= most;

/** What a page may say is bounded, too: names and texts in length, lists in number. */
function makeToHost(): Check {
  const name = upTo(1e5);
  const place: Check = Number.isInteger;
  const size: Check = Number.isFinite;
  // A color as computed style gives it; nothing that could leave an attribute.
  const color: Check = (value) => upTo(80)(value) && /^[\w#]*\(?[\w\s.,%/-]*\)?$/.test(value as string);
  const palette: Check = (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every(color);
  return checkOf([
    { type: "=ready", version: size, restored: flag },
    { type: "=resync" },
    { type: "=view", view: words(views) },
    { type: "=select", name: [null, name] },
    { type: "=refresh" },
    { type: "=menu" },
    { type: "=step", index: place },
    { type: "=copyTree", name: [null, name], section: place, field: place },
    { type: "=copy", text: upTo(1e6) },
    {
      type: "=expose",
      exposure: {
        format: words(["svg", "png"]),
        view: words(views),
        names: (value) => Array.isArray(value) && value.length <= 500 && value.every(name),
        selected: [null, name],
        time: [null, { left: size, scale: size }],
        width: size,
        palette,
      },
    },
    {
      type: "=png",
      data: (value) => upTo(1e8)(value) && /^data:image\/png;base64,[\w+/=]+$/.test(value as string),
    },
    { type: "=broken", text: upTo(2000) },
  ]);
}

let toHost: Check | undefined;

/** The message when it is one of the page's, exactly; undefined for anything else. */
export function readToHost(message: unknown): ToHost | undefined {
  toHost ??= makeToHost();
  return toHost(message) ? (message as ToHost) : undefined;
}
