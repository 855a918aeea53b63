/**
 * How anything in the demo moves: a course is fixed when it is made, and where it stands is a pure function of the
 * moment. So the same moment always gives the same answer, and time only ever leads forward.
 */
export interface Course {
  /** Milliseconds since 1970, in whole seconds as the service reports times. */
  readonly createdAt: number;
  /** The statuses on the way, each with the seconds it lasts; the last may last forever. */
  readonly legs: readonly { readonly status: string; readonly seconds: number }[];
  /** The status after the last leg. */
  readonly end: string;
}

/** Where a course stands. */
export interface Standing {
  readonly status: string;
  /** Present once the end is reached; milliseconds since 1970. */
  readonly finishedAt?: number;
  /** The share of the way that lies behind, 0 to 1. */
  readonly done: number;
}

export function standingAt(course: Course, now: number): Standing {
  const total = course.legs.reduce((sum, leg) => sum + leg.seconds, 0) * 1000;
  let left = now - course.createdAt;
  const done = Math.min(1, Math.max(0, left / total));
  for (const { status, seconds } of course.legs) {
    left -= seconds * 1000;
    if (left < 0) return { status, done };
  }
  return { status: course.end, finishedAt: course.createdAt + total, done: 1 };
}

/** A course of about `seconds` seconds through the given statuses, shared out among them by weight. */
export function course(
  createdAt: number,
  seconds: number,
  end: string,
  shares: readonly (readonly [status: string, weight: number])[],
): Course {
  const whole = shares.reduce((sum, [, weight]) => sum + weight, 0);
  const legs = shares.map(([status, weight]) => ({
    status,
    seconds: Math.max(1, Math.round((seconds * weight) / whole)),
  }));
  return { createdAt: wholeSecond(createdAt), legs, end };
}

/** A course that never leaves `status`. */
export function standstill(createdAt: number, status: string): Course {
  return { createdAt: wholeSecond(createdAt), legs: [{ status, seconds: Number.POSITIVE_INFINITY }], end: status };
}

export function wholeSecond(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}

/** A time as the service writes it: UTC, whole seconds, `2025-03-27T08:15:46Z` (GetJobDetail page). */
export function timeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
