import { type Decoded, decodeJson } from "./embedded.ts";

/** One setting of a configuration, in words. English labels and notes serve as keys for translation. */
export interface ConfigFact {
  /** As the service writes it, e.g. `inl`, or `a.b` for one inside another. */
  readonly key: string;
  /** What it is; the key itself when nobody documented it. */
  readonly label: string;
  /** The value as text, without its unit. */
  readonly value: string;
  readonly unit?: "s" | "ms" | "px";
  /** What this value means. */
  readonly note?: string;
}

interface Known {
  readonly label: string;
  readonly unit?: ConfigFact["unit"];
  /** Meanings of certain values. */
  readonly notes?: Readonly<Record<string, string>>;
}

const yesNo = { true: "Yes", false: "No", yes: "Yes", no: "No" };

/**
 * The short keys of `NormalConfig` and `SpriteConfig` stand for the parameters of a snapshot template
 * (SnapshotConfig and SpriteSnapshotConfig in the VOD reference: Interval in seconds, 0 means evenly spaced;
 * SpecifiedOffsetTime in milliseconds; sizes, Padding and Margin in pixels; FrameType intra or normal).
 * `TemplateConfig` is an AITemplateConfig.
 */
const knownSettings: ReadonlyMap<string, Known> = new Map(
  Object.entries<Known>({
    inl: { label: "Interval", unit: "s", notes: { 0: "Evenly spaced over the whole video" } },
    num: { label: "Number of snapshots" },
    tm: { label: "Start", unit: "ms" },
    wd: { label: "Width", unit: "px" },
    hg: { label: "Height", unit: "px" },
    ft: { label: "Frame type", notes: { normal: "Any frame", intra: "Keyframes only" } },
    pad: { label: "Space between pictures", unit: "px" },
    mgin: { label: "Margin", unit: "px" },
    lines: { label: "Rows" },
    cols: { label: "Columns" },
    ikcp: { label: "Single pictures kept", notes: yesNo },
    AuditRange: { label: "What is reviewed" },
    AuditContent: { label: "Reviewed content of the video" },
    AuditItem: { label: "Reviewed for" },
    AuditAutoBlock: { label: "Blocked automatically", notes: yesNo },
  }),
);

/** Settings beyond this many are left to the raw view. */
const maxFacts = 200;
/** Values of all settings together, and levels of settings in settings. */
const limits = { values: 2000, depth: 6, characters: 10_000 };

/**
 * The settings in a `NormalConfig`, `SpriteConfig` or `TemplateConfig` (JSON text, plain or escaped once too often).
 * Unknown keys are kept as they are. Empty when the text holds no object: then the text itself is what there is to show.
 */
export function readConfig(text: string | undefined): ConfigFact[] {
  const facts: ConfigFact[] = [];
  if (text !== undefined) collect(decodeJson(text, limits), "", facts);
  return facts;
}

function collect(tree: Decoded, prefix: string, facts: ConfigFact[]): void {
  if (tree.kind !== "object") return;
  for (const [key, setting] of tree.entries) {
    if (facts.length >= maxFacts) return;
    if (setting.kind === "object") collect(setting, `${prefix}${key}.`, facts);
    else facts.push(fact(prefix + key, knownSettings.get(key), valueText(setting)));
  }
}

function fact(key: string, known: Known | undefined, value: string): ConfigFact {
  const note = known?.notes && Object.hasOwn(known.notes, value) ? known.notes[value] : undefined;
  const unit = known?.unit && /^\d+(\.\d+)?$/.test(value) ? { unit: known.unit } : undefined;
  return { key, label: known?.label ?? key, value, ...unit, ...(note !== undefined && { note }) };
}

function valueText(tree: Decoded): string {
  switch (tree.kind) {
    case "array":
      return tree.items.map(valueText).join(", ");
    case "object":
      return tree.entries.map(([key, value]) => `${key}: ${valueText(value)}`).join(", ");
    case "number":
      return tree.text;
    case "null":
      return "null";
    default:
      return String(tree.value);
  }
}
