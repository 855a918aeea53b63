import type { SlotGrant, SlotRequest, Slowdown } from "./hub.ts";
import { ceiling, rateAt } from "./rate.ts";

/**
 * When calls of one account may start: the generic cell rate algorithm without any burst, as pure functions over a
 * small state that the hub keeps in the account's row. All times are milliseconds since 1970.
 */

/** The slowest that throttling makes us, calls a second. */
const slowest = 0.5;
/** Throttlings this close together, ms, come from calls that were in flight together and count once. */
const oneThrottling = 1_000;
/** How long to hold when the service does not say, and at most when it does, ms. */
const defaultHold = 1_000;
const longestHold = 10 * 60_000;
/** More reservations ahead than this, or a throttling ahead of now by more than a moment (ms): the wall clock was set back. */
const mostAhead = 2_000;
const clockSlack = 1_000;
/** How many waiting windows may queue for their turn to ask. */
const longestQueue = 32;

export interface PacingState {
  /** The earliest start of the next call. */
  readonly nextAt: number;
  /** The earliest start of the next background call. */
  readonly backgroundNextAt: number;
  /** When the next window that gets no slot shall ask again. */
  readonly askAt: number;
  /** Reserved starts that were given back, ascending. */
  readonly freed: readonly number[];
  readonly slowdown?: Slowdown & { readonly at: number };
}

export const freshPacing: PacingState = { nextAt: 0, backgroundNextAt: 0, askAt: 0, freed: [] };

/**
 * Reserves starts. Every interactive waiter gets one. Background waiters get only those within one interval of now, so
 * that an interactive call that comes next starts at most two slots later; for the rest they ask again.
 */
export function reserveSlots(before: PacingState, request: SlotRequest): { state: PacingState; grant: SlotGrant } {
  const { now } = request;
  const slowed = atThisClock(before.slowdown, now);
  const slowdown = slowed && rateAt(slowed, now) < ceiling ? slowed : undefined;
  const interval = 1_000 / rateAt(slowdown, now);
  const backgroundInterval = Math.max(interval, 1_000 / Math.max(0.1, request.backgroundRate));
  const earliest = Math.max(now, Math.min(slowdown?.holdUntil ?? 0, now + longestHold));
  const furthest = slowed === before.slowdown ? mostAhead * interval : interval;
  let nextAt = before.nextAt > earliest + furthest ? earliest + 1_000 : before.nextAt;
  let backgroundNextAt = Math.min(before.backgroundNextAt, Math.max(now, nextAt) + backgroundInterval);
  let askAt = before.askAt;
  let freed = before.freed.filter((slot) => slot >= earliest && slot < nextAt);

  const interactive: number[] = [];
  while (interactive.length < request.interactive) {
    const [given, ...rest] = freed;
    const slot = given ?? Math.max(earliest, nextAt);
    if (given === undefined) nextAt = slot + interval;
    freed = rest;
    interactive.push(slot);
  }

  const background: number[] = [];
  let askAgainAt: number | undefined;
  while (background.length < request.background) {
    const given = freed.find((slot) => slot >= backgroundNextAt);
    const slot = given ?? Math.max(earliest, nextAt, backgroundNextAt);
    if (slot > now + interval) {
      askAgainAt = Math.max(slot - interval, Math.min(askAt, now + longestQueue * backgroundInterval));
      askAt = askAgainAt + backgroundInterval;
      break;
    }
    if (given === undefined) nextAt = slot + interval;
    else freed = freed.filter((other) => other !== given);
    backgroundNextAt = slot + backgroundInterval;
    background.push(slot);
  }
  return {
    state: { nextAt, backgroundNextAt, askAt, freed, slowdown },
    grant: {
      interactive,
      background,
      askAgainAt,
      slowed: slowdown !== undefined && slowdown.recoveringSince === undefined,
    },
  };
}

/** A throttling as the wall clock now tells it: of one from before it was set back the rate is kept, and recovers. */
function atThisClock(slowdown: PacingState["slowdown"], now: number): PacingState["slowdown"] {
  if (!slowdown || slowdown.at <= now + clockSlack) return slowdown;
  return { at: now, rate: slowdown.rate, holdUntil: now, recoveringSince: now };
}

/** Takes unused starts back; those still ahead go to whoever reserves next. */
export function giveBackSlots(state: PacingState, slots: readonly number[], now: number): PacingState {
  const freed = [...state.freed, ...slots].filter((slot) => slot >= now).sort((a, b) => a - b);
  return { ...state, freed };
}

/** Halves the rate and holds all calls for as long as the service asked. */
export function slowDown(state: PacingState, now: number, retryAfter: number | undefined): PacingState {
  const slowdown = atThisClock(state.slowdown, now);
  const hold = now + Math.min(longestHold, Math.max(0, retryAfter ?? defaultHold));
  const again = slowdown !== undefined && now - slowdown.at < oneThrottling;
  return {
    ...state,
    freed: [],
    slowdown: {
      at: again ? slowdown.at : now,
      rate: again ? slowdown.rate : Math.max(slowest, rateAt(slowdown, now) / 2),
      holdUntil: Math.max(hold, slowdown?.holdUntil ?? 0),
    },
  };
}

/** A call was answered again: the rate grows from now on. */
export function beginRecovery(state: PacingState, now: number): PacingState {
  const slowdown = atThisClock(state.slowdown, now);
  if (!slowdown || slowdown.recoveringSince !== undefined || now < slowdown.holdUntil) return state;
  return { ...state, slowdown: { ...slowdown, recoveringSince: now } };
}
