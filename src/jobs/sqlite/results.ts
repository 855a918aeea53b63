import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { JobType } from "../../vod/types.ts";
import type { CallResult, Durations, JobSummary, StoredAnswer } from "../hub.ts";
import { jobKey } from "../key.ts";
import { isFinal } from "../phase.ts";
import type { JobProblem, Observation, TranscodeFacts } from "../types.ts";
import { releaseLeases } from "./claims.ts";
import type { Database, Row } from "./database.ts";
import { mostDurations, mostObservations } from "./retention.ts";
import { jobOf, jobRow, json, observationOf, planValues, setPlan, whole } from "./rows.ts";
import type { Transaction } from "./transaction.ts";

/** What came of calls: answers, status changes, durations, failures. */

/** An answer's body as it is kept. Done before the transaction begins, as it takes longer than all the rest. */
export function compress(raw: string): Uint8Array {
  return deflateRawSync(raw);
}

/** `body`: the answer's, compressed; absent for a failure. */
export function saveResult(transaction: Transaction, result: CallResult, body: Uint8Array | undefined): void {
  const { db } = transaction;
  const { ref, owner, startedAt, at, answer, problem, plan } = result;
  const key = jobKey(ref);
  releaseLeases(db, owner, [key]);
  const before = jobRow(db, key);
  if (!before) return;
  // A later call was answered first; a call from the future was made before the wall clock was set back.
  const askedAt = Number(before.asked_at ?? 0);
  if (askedAt > startedAt && askedAt <= at) return;
  const seq = before.tracked ? transaction.nextSeq() : Number(before.seq);
  if (plan) db.run(`UPDATE jobs SET ${setPlan}, seq = :seq WHERE key = :key`, { key, seq, ...planValues(plan) });
  if (problem) saveProblem(db, key, problem, seq);
  if (!answer || !body) return;
  saveSummary(db, before, answer.summary, { startedAt, at, seq });
  saveAnswer(db, before, answer.summary, { at, body });
  saveDuration(db, key, ref.type, answer.summary);
}

function saveProblem(db: Database, key: string, problem: JobProblem, seq: number): void {
  db.run("UPDATE jobs SET problem = :problem, failures = failures + 1, seq = :seq WHERE key = :key", {
    key,
    problem: JSON.stringify(problem),
    seq,
  });
}

/** What was told beside the answer before stays only where it is the end of the story: the job had ended the same way. */
function saveAnswer(db: Database, before: Row, summary: JobSummary, { at, body }: { at: number; body: Uint8Array }) {
  const same = isFinal(summary.phase) && before.phase === summary.phase && before.status === summary.status;
  db.run(
    `INSERT INTO answers (key, at, body) VALUES (:key, :at, :body) ON CONFLICT (key) DO UPDATE SET
       at = :at, body = :body, transcode_owner = NULL, transcode_until = NULL,
       transcode = iif(:same AND json_extract(transcode, '$.told') IS NOT NULL, transcode, NULL)`,
    { key: before.key as string, at, body, same: same ? 1 : 0 },
  );
}

function saveSummary(
  db: Database,
  before: Row,
  summary: JobSummary,
  { startedAt, at, seq }: { startedAt: number; at: number; seq: number },
): void {
  const key = before.key as string;
  const changed = before.status !== summary.status || before.phase !== summary.phase || before.checked_at === null;
  const finished = isFinal(summary.phase) && !isFinal(jobOf(before).phase);
  const failed = summary.phase === "failed" || (summary.failedActivities ?? 0) > 0;
  // A job that had ended before it was added is no news.
  const news = before.checked_at !== null || (summary.finishedAt ?? at) >= Number(before.added_at);
  db.run(
    `UPDATE jobs SET phase = :phase, status = :status, title = :title, kind = :kind, media_id = :mediaId,
       created_at = :createdAt, finished_at = :finishedAt, activities = :activities,
       failed_activities = :failedActivities, asked_at = :startedAt, checked_at = :at, problem = NULL, failures = 0,
       error = iif(:phase = 'failed', error, NULL),
       changed_at = iif(:changed, :at, changed_at), seen = iif(:unseen, 0, seen), announce = iif(:news, 1, announce),
       seq = :seq
     WHERE key = :key`,
    {
      key,
      seq,
      startedAt,
      at,
      phase: summary.phase,
      status: summary.status,
      title: summary.title ?? null,
      kind: summary.kind ?? null,
      mediaId: summary.mediaId ?? null,
      createdAt: whole(summary.createdAt),
      finishedAt: whole(summary.finishedAt),
      activities: whole(summary.activities),
      failedActivities: whole(summary.failedActivities),
      changed: changed ? 1 : 0,
      unseen: finished && failed ? 1 : 0,
      news: finished && news && before.tracked ? 1 : 0,
    },
  );
  if (changed) saveObservation(db, key, { at, status: summary.status, phase: summary.phase });
}

function saveObservation(db: Database, key: string, { at, status, phase }: Observation): void {
  db.run("INSERT INTO observations VALUES (:key, :at, :status, :phase)", { key, at, status, phase });
  db.run(
    `DELETE FROM observations WHERE rowid IN (
       SELECT rowid FROM observations WHERE key = :key ORDER BY rowid DESC LIMIT -1 OFFSET :most)`,
    { key, most: mostObservations },
  );
}

/** Once a job, when it has ended and its times make sense. */
function saveDuration(db: Database, key: string, type: JobType, summary: JobSummary): void {
  const { phase, kind, createdAt, finishedAt } = summary;
  if (!isFinal(phase) || createdAt === undefined || finishedAt === undefined || finishedAt < createdAt) return;
  db.run("INSERT OR IGNORE INTO durations VALUES (:key, :type, :kind, :finishedAt, :duration)", {
    key,
    type,
    kind: kind ?? "",
    finishedAt,
    duration: finishedAt - createdAt,
  });
}

export function answerOf(db: Database, key: string): StoredAnswer | undefined {
  return stored(
    db.get("SELECT jobs.*, at, body, transcode FROM answers JOIN jobs USING (key) WHERE key = :key", { key }),
  );
}

export function previousRun(db: Database, key: string): StoredAnswer | undefined {
  const row = db.get(
    `SELECT run.*, answers.at, answers.body, answers.transcode FROM jobs AS this
     JOIN jobs AS run ON run.type = 'workflow' AND run.finished_at IS NOT NULL AND run.kind = this.kind
       AND run.created_at < this.created_at AND run.account = this.account AND run.region = this.region
     JOIN answers ON answers.key = run.key
     WHERE this.key = :key AND this.type = 'workflow' ORDER BY run.created_at DESC LIMIT 1`,
    { key },
  );
  return stored(row);
}

function stored(row: Row | undefined): StoredAnswer | undefined {
  if (!row) return undefined;
  const raw = inflateRawSync(row.body as Uint8Array).toString();
  return { ref: jobOf(row).ref, raw, at: row.at as number, transcode: json<TranscodeFacts>(row, "transcode") };
}

export function observationsOf(db: Database, key: string): Observation[] {
  // By row, as the wall clock may have been set back between two of them.
  return db.all("SELECT * FROM observations WHERE key = :key ORDER BY rowid", { key }).map(observationOf);
}

export function durationsOf(db: Database, type: JobType, kind: string | undefined): Durations {
  const list = (where: string) =>
    db
      .all(`SELECT duration FROM durations WHERE ${where} ORDER BY finished_at DESC LIMIT :limit`, {
        type,
        kind: kind ?? "",
        limit: mostDurations,
      })
      .map((row) => row.duration as number);
  return { ofKind: list("type = :type AND kind = :kind"), ofType: list("type = :type") };
}
