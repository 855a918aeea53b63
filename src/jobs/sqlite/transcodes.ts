import type { JobRef } from "../../vod/types.ts";
import type { Lease, TranscodeClaim, TranscodeResult } from "../hub.ts";
import { jobKey } from "../key.ts";
import type { JobError, JobProblem, TranscodeFacts } from "../types.ts";
import type { Database } from "./database.ts";
import { jobRow, json } from "./rows.ts";
import type { Transaction } from "./transaction.ts";

/** What is kept beside a transcode job's answer, and who may ask for it: one window at a time, once for each answer. */

/** Problems that the same question meets again. All others are of the moment: after so many ms it may be asked anew. */
const lasting = ["permission", "invalid", "not-found"];
const momentPasses = 60_000;

/** The longest error code or message that lists show, in characters. */
const longestError = 500;

export function claimTranscode(
  db: Database,
  ref: JobRef,
  { owner, now, until, again }: Lease & { again?: boolean },
): TranscodeClaim | undefined {
  const key = jobKey(ref);
  const row = db.get("SELECT at, transcode, transcode_owner FROM answers WHERE key = :key", { key });
  if (!row) return undefined;
  const at = row.at as number;
  const facts = json<TranscodeFacts>(row, "transcode");
  if (facts && !isOpen(facts, now, again)) return { at, facts };
  const asking = row.transcode_owner === owner;
  const problem = again || asking ? undefined : refusalOf(db, ref.account);
  if (problem) return { at, facts: { problem } };
  // A lease that ends long after one taken now is from before the wall clock was set back.
  const held = db.run(
    `UPDATE answers SET transcode_owner = :owner, transcode_until = :until WHERE key = :key AND (
       transcode_owner IS NULL OR transcode_owner = :owner OR transcode_until <= :now OR transcode_until > :until + 60000)`,
    { key, owner, now, until },
  );
  return held === 1 ? { at, held: true } : { at };
}

/** Whether it is worth asking though the answer to it, or why there was none, is kept. */
function isOpen({ problem }: TranscodeFacts, now: number, again: boolean | undefined): boolean | undefined {
  if (!problem) return false;
  if (lasting.includes(problem.kind)) return again && problem.kind === "permission";
  return Math.abs(now - problem.at) >= momentPasses;
}

export function saveTranscode(transaction: Transaction, { ref, owner, at, facts }: TranscodeResult): void {
  const { db } = transaction;
  const key = jobKey(ref);
  db.run(
    `UPDATE answers SET transcode = :facts, transcode_owner = NULL, transcode_until = NULL
     WHERE key = :key AND at = :at AND transcode_owner = :owner`,
    { key, at, owner, facts: facts ? JSON.stringify(facts) : null },
  );
  if (!facts) return;
  const refused = facts.problem?.kind === "permission";
  if (refused) saveRefusal(db, ref.account, facts.problem);
  else if (facts.told) saveRefusal(db, ref.account, undefined);
  const { errorCode, errorMessage } = facts.told ?? {};
  const before = jobRow(db, key);
  if (!(errorCode || errorMessage) || before?.phase !== "failed") return;
  const error: JobError = { code: errorCode?.slice(0, longestError), message: errorMessage?.slice(0, longestError) };
  const seq = before.tracked ? transaction.nextSeq() : Number(before.seq);
  db.run("UPDATE jobs SET error = :error, seq = :seq WHERE key = :key", { key, seq, error: JSON.stringify(error) });
}

export function saveRefusal(db: Database, account: string, refusal: JobProblem | undefined): void {
  if (refusal) db.run("INSERT OR IGNORE INTO accounts (account, seq) VALUES (:account, 0)", { account });
  db.run("UPDATE accounts SET transcode_refusal = :refusal WHERE account = :account", {
    account,
    refusal: refusal ? JSON.stringify(refusal) : null,
  });
}

function refusalOf(db: Database, account: string): JobProblem | undefined {
  const row = db.get("SELECT transcode_refusal FROM accounts WHERE account = :account", { account });
  return row && json<JobProblem>(row, "transcode_refusal");
}
