import type { SQLInputValue } from "node:sqlite";
import type { VodErrorKind } from "../../vod/errors.ts";
import type { JobRef, JobType, Phase } from "../../vod/types.ts";
import type { AccountBlock, HubAccount, HubJob, Plan } from "../hub.ts";
import { jobKey, parseJobKey } from "../key.ts";
import { freshPacing, type PacingState } from "../pacing.ts";
import type { JobError, JobProblem, Observation, PollReason } from "../types.ts";
import type { Database, Row, Values } from "./database.ts";

const text = (row: Row, column: string) => (row[column] ?? undefined) as string | undefined;
const number = (row: Row, column: string) => (row[column] ?? undefined) as number | undefined;
/** What stands there as JSON; undefined where a disk has harmed it. */
export const json = <T>(row: Row, column: string): T | undefined => {
  try {
    return (JSON.parse(text(row, column) ?? "null") as T | null) ?? undefined;
  } catch {
    return undefined;
  }
};

// SQLite does not notice when single letters of a file are others: what stands for a word is checked to be one.
const phases: Record<Phase, true> = {
  waiting: true,
  running: true,
  succeeded: true,
  failed: true,
  canceled: true,
  skipped: true,
  unknown: true,
};
const problems: Record<VodErrorKind, true> = {
  throttled: true,
  credentials: true,
  "expired-token": true,
  permission: true,
  "clock-skew": true,
  "not-found": true,
  invalid: true,
  service: true,
  network: true,
  timeout: true,
  cancelled: true,
  malformed: true,
};
const blocks: Record<AccountBlock["kind"], true> = { offline: true, credentials: true, service: true };

const phaseOf = (row: Row): Phase => (Object.hasOwn(phases, String(row.phase)) ? (row.phase as Phase) : "unknown");
/** The fact, if its kind is one of these. */
const ofKinds = <T extends { readonly kind: string }>(kinds: object, fact: T | null | undefined): T | undefined =>
  fact && Object.hasOwn(kinds, fact.kind) ? fact : undefined;

export function jobRow(db: Database, key: string): Row | undefined {
  return db.get("SELECT * FROM jobs WHERE key = :key", { key });
}

/** What names a job, as values of `:key`, `:account`, `:region`, `:type` and `:id`. */
export function refValues({ account, region, type, id }: JobRef) {
  return { key: jobKey({ account, region, type, id }), account, region, type, id };
}

export function jobOf(row: Row): HubJob {
  return {
    key: text(row, "key")!,
    ref: parseJobKey(text(row, "key")!) ?? {
      account: text(row, "account")!,
      region: text(row, "region")!,
      type: text(row, "type") as JobType,
      id: text(row, "id")!,
    },
    tracked: row.tracked === 1,
    label: text(row, "label"),
    title: text(row, "title"),
    phase: phaseOf(row),
    status: text(row, "status"),
    kind: text(row, "kind"),
    mediaId: text(row, "media_id"),
    createdAt: number(row, "created_at"),
    finishedAt: number(row, "finished_at"),
    activities: number(row, "activities"),
    failedActivities: number(row, "failed_activities"),
    addedAt: number(row, "added_at")!,
    checkedAt: number(row, "checked_at"),
    changedAt: number(row, "changed_at"),
    plan: {
      at: number(row, "due_at"),
      unfocusedAt: number(row, "unfocused_due_at"),
      reason: text(row, "reason") as PollReason,
      likelyEndAt: number(row, "likely_end_at"),
    },
    problem: ofKinds(problems, json<JobProblem>(row, "problem")),
    failures: number(row, "failures")!,
    error: json<JobError>(row, "error"),
    pin: number(row, "pin"),
    seen: row.seen === 1,
    paused: row.paused === 1,
  };
}

/** A plan as values of `:due_at`, `:unfocused_due_at`, `:reason` and `:likely_end_at`. Whole milliseconds, never early. */
export function planValues(plan: Plan): Values {
  return {
    due_at: whole(plan.at),
    unfocused_due_at: whole(plan.unfocusedAt ?? plan.at),
    reason: plan.reason,
    likely_end_at: whole(plan.likelyEndAt),
  };
}

/** Sets the four columns of a plan from `planValues`. */
export const setPlan =
  "due_at = :due_at, unfocused_due_at = :unfocused_due_at, reason = :reason, likely_end_at = :likely_end_at";

export const whole = (value: number | undefined): SQLInputValue => (value === undefined ? null : Math.ceil(value));

export function pacingOf(row: Row | undefined): PacingState {
  return (row && json<PacingState>(row, "pacing")) ?? freshPacing;
}

export function observationOf(row: Row): Observation {
  return { at: number(row, "at")!, status: text(row, "status")!, phase: phaseOf(row) };
}

export function accountOf(row: Row): HubAccount {
  return {
    account: text(row, "account")!,
    slowdown: pacingOf(row).slowdown,
    block: ofKinds(blocks, json<NonNullable<HubAccount["block"]>>(row, "block")),
  };
}
