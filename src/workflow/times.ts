/**
 * Times as the service writes them: `2025-03-27T08:15:46Z`, sometimes with a newline after it
 * (`AIJobDetail.CompleteTime`), sometimes with milliseconds behind a dot or, in events, a colon
 * (`07:49:17:025Z`), sometimes with an offset. Without a zone they are UTC, as the GetJobDetail page says.
 */
const form = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.:,](\d{1,9}))?[ ]?(?:Z|([+-])(\d\d):?(\d\d)?)?$/i;

/** Milliseconds since 1970 of a time as the service writes it, or `undefined` for anything that is no such time. */
export function parseTime(text: unknown): number | undefined {
  if (typeof text !== "string") return undefined;
  return readPlain(text) ?? readAny(text.trim());
}

/** The documented form alone, `YYYY-MM-DDTHH:MM:SSZ`: read by its digits, several times faster than the pattern. */
function readPlain(text: string): number | undefined {
  if (text.length !== 20) return undefined;
  // "-", "-", "T", ":", ":", "Z", where they must be.
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45 || text.charCodeAt(10) !== 84) return undefined;
  if (text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58 || text.charCodeAt(19) !== 90) return undefined;
  const year = two(text, 0) * 100 + two(text, 2);
  return utc(year, two(text, 5), two(text, 8), two(text, 11), two(text, 14), two(text, 17));
}

function readAny(text: string): number | undefined {
  const match = form.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [number, ...number[]];
  const whole = utc(year, month!, day!, hour!, minute!, second!);
  if (whole === undefined) return undefined;
  const fraction = match[7] ? Math.trunc(Number(`0.${match[7]}`) * 1000) : 0;
  const offset = match[8] ? (Number(match[9]) * 60 + Number(match[10] ?? 0)) * 60_000 : 0;
  return whole + fraction - (match[8] === "-" ? -offset : offset);
}

/** Two decimal digits at `at`, or a number far below every part of a time. */
function two(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -100_000;
}

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * A date and time of the Gregorian calendar as milliseconds, or `undefined` when there is no such date (30 February;
 * `Date.parse` would take it for 2 March). A leap second counts as the second after it.
 */
function utc(year: number, month: number, day: number, hour: number, minute: number, second: number) {
  if (year < 0 || month < 1 || month > 12 || day < 1 || hour < 0 || hour > 23) return undefined;
  if (minute < 0 || minute > 59 || second < 0 || second > 60) return undefined;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (day > (month === 2 && leap ? 29 : monthDays[month - 1]!)) return undefined;
  // Days since 1970 of a proleptic Gregorian date, counted in years that begin in March so that the leap day is last.
  const y = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const date = 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + dayOfYear - 719_468;
  return (((date * 24 + hour) * 60 + minute) * 60 + second) * 1000;
}
