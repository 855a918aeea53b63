import { parseEmbedded } from "./embedded.ts";

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
const maxDepth = 4;

/**
 * The settings in a `NormalConfig`, `SpriteConfig` or `TemplateConfig` (JSON text, plain or escaped once too often).
 * Unknown keys are kept as they are. Empty when the text holds no object: then the text itself is what there is to show.
 */
export function readConfig(text: string | undefined): ConfigFact[] {
  const facts: ConfigFact[] = [];
  collect(text === undefined ? undefined : parseEmbedded(text), "", facts, 0);
  return facts;
}

function collect(value: unknown, prefix: string, facts: ConfigFact[], depth: number): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, setting] of Object.entries(value)) {
    if (facts.length >= maxFacts) return;
    const path = prefix + key;
    const nested = typeof setting === "object" && setting !== null && !Array.isArray(setting);
    if (nested && depth < maxDepth) collect(setting, `${path}.`, facts, depth + 1);
    else facts.push(fact(path, knownSettings.get(key), setting));
  }
}

function fact(key: string, known: Known | undefined, setting: unknown): ConfigFact {
  const value = valueText(setting);
  const note = known?.notes && Object.hasOwn(known.notes, value) ? known.notes[value] : undefined;
  const unit = known?.unit && /^\d+(\.\d+)?$/.test(value) ? { unit: known.unit } : undefined;
  return { key, label: known?.label ?? key, value, ...unit, ...(note !== undefined && { note }) };
}

function valueText(setting: unknown): string {
  if (typeof setting === "string") return setting;
  if (Array.isArray(setting) && setting.every((item) => typeof item !== "object")) return setting.join(", ");
  return JSON.stringify(setting) ?? "";
}
