const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * A length of time for people, in its two largest units: `4 s`, `4 m 33 s`, `2 h 05 m`, `3 d 04 h`.
 * The service's times have whole seconds, so anything shorter than one is `< 1 s`. Negative lengths keep their sign.
 * `units`: the words for days, hours, minutes and seconds in another language, separated by spaces.
 */
export function formatDuration(ms: number, units = "d h m s"): string {
  if (!Number.isFinite(ms)) return "—";
  if (ms < 0) return `−${formatDuration(-ms, units)}`;
  const [d, h, m, s] = units.split(" ");
  if (ms < second) return `< 1 ${s}`;
  if (ms < minute) return `${Math.floor(ms / second)} ${s}`;
  if (ms < hour) return pair(ms, minute, m, second, s);
  if (ms < day) return pair(ms, hour, h, minute, m);
  return pair(ms, day, d, hour, h);
}

type Unit = string | undefined;

function pair(ms: number, large: number, largeUnit: Unit, small: number, smallUnit: Unit): string {
  const rest = Math.floor((ms % large) / small);
  return `${Math.floor(ms / large)} ${largeUnit} ${String(rest).padStart(2, "0")} ${smallUnit}`;
}

/** A moment on the run's axis, counted from its beginning: `0`, `30 s`, `1 m`, `1 m 30 s`, `2 h`, `1 d 06 h`. */
export function formatTick(ms: number, units?: string): string {
  return ms === 0 ? "0" : formatDuration(ms, units).replace(/ 00 \S+$/, "");
}

/**
 * A share from 0 to 1 as a percentage that never rounds a part to the whole or to nothing:
 * `97%`, `99.6%` (not 100%), `0.4%`, `< 0.1%`.
 */
export function formatShare(share: number): string {
  if (!Number.isFinite(share)) return "—";
  if (share <= 0 || share >= 1) return share <= 0 ? "0%" : "100%";
  const percent = share * 100;
  if (percent < 0.1) return "< 0.1%";
  if (percent > 99.9) return "> 99.9%";
  return percent < 0.95 || percent > 99 ? `${percent.toFixed(1)}%` : `${Math.round(percent)}%`;
}

/** `08:15:46` in UTC, or with `date`, `2025-03-27 08:15:46`. Empty for what is no time. */
export function formatUtc(at: number, date = false): string {
  if (!Number.isFinite(at) || Math.abs(at) > 8.64e15) return "";
  const iso = new Date(at).toISOString();
  return date ? `${iso.slice(0, -14)} ${iso.slice(-13, -5)}` : iso.slice(-13, -5);
}

/**
 * A hostile text made safe to stand in a line of other text: control characters and the marks that turn the reading
 * direction become `�`, line breaks become spaces, and what is longer than `limit` characters is cut with `…`.
 */
export function oneLine(text: string, limit = 200): string {
  const cut = text.length > limit ? `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, "")}…` : text;
  return cut
    .replace(/[\r\n\t\u2028\u2029]+/g, " ")
    .replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}
