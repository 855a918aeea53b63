import type { AccountBlock, HubAccount, SlotGrant, SlotRequest } from "../hub.ts";
import { beginRecovery, giveBackSlots, type PacingState, reserveSlots, slowDown } from "../pacing.ts";
import { isProbeDue } from "../problems.ts";
import type { Database, Row } from "./database.ts";
import { accountOf, pacingOf } from "./rows.ts";
import type { Transaction } from "./transaction.ts";

/** What the jobs of an account share: its call budget, and whether it works at all. */

/** SQL: the accounts that are polled by probes only. */
export const blockedAccounts = "SELECT account FROM accounts WHERE block IS NOT NULL";

/** A change of reserved times concerns no other window, so it takes no number. */
export function reserve({ db }: Transaction, account: string, request: SlotRequest): SlotGrant {
  const { state, grant } = reserveSlots(pacing(db, account), request);
  savePacing(db, account, state);
  return grant;
}

export function giveBack({ db }: Transaction, account: string, slots: readonly number[], now: number): void {
  savePacing(db, account, giveBackSlots(pacing(db, account), slots, now));
}

export function throttle(transaction: Transaction, account: string, now: number, retryAfter: number | undefined): void {
  savePacing(transaction.db, account, slowDown(pacing(transaction.db, account), now, retryAfter));
  touch(transaction, account);
}

export function recover(transaction: Transaction, account: string, now: number): void {
  const before = pacing(transaction.db, account);
  const after = beginRecovery(before, now);
  if (after === before) return;
  savePacing(transaction.db, account, after);
  touch(transaction, account);
}

export function block(transaction: Transaction, account: string, { kind, problem, startedAt, probeAt }: AccountBlock) {
  const before = blockOf(transaction.db, account);
  const same = before?.kind === kind;
  // Calls that are in flight together fail together: only the first of them tells something.
  if (same && startedAt <= before.problem.at && before.problem.at <= problem.at) return;
  saveBlock(transaction, account, {
    kind,
    since: same ? before.since : problem.at,
    problem,
    failures: same ? before.failures + 1 : 1,
    probeAt: Math.ceil(probeAt),
  });
}

export function unblock(transaction: Transaction, account: string): void {
  if (blockOf(transaction.db, account)) saveBlock(transaction, account, undefined);
}

/** Whether the account's probe is due. */
export function isAccountProbeDue(db: Database, account: string, now: number): boolean {
  const block = blockOf(db, account);
  return block !== undefined && isProbeDue(block, now);
}

export function planProbe(transaction: Transaction, account: string, probeAt: number): void {
  const block = blockOf(transaction.db, account);
  if (block) saveBlock(transaction, account, { ...block, probeAt: Math.ceil(probeAt) });
}

function blockOf(db: Database, account: string): HubAccount["block"] {
  return accountOf(accountRow(db, account)).block;
}

function saveBlock(transaction: Transaction, account: string, block: HubAccount["block"]): void {
  transaction.db.run("UPDATE accounts SET block = :block WHERE account = :account", {
    account,
    block: block ? JSON.stringify(block) : null,
  });
  touch(transaction, account);
}

function pacing(db: Database, account: string): PacingState {
  return pacingOf(accountRow(db, account));
}

function savePacing(db: Database, account: string, state: PacingState): void {
  db.run("UPDATE accounts SET pacing = :pacing WHERE account = :account", { account, pacing: JSON.stringify(state) });
}

function touch(transaction: Transaction, account: string): void {
  const seq = transaction.nextSeq();
  transaction.db.run("UPDATE accounts SET seq = :seq WHERE account = :account", { account, seq });
}

/** The account's row, made when there is none. */
function accountRow(db: Database, account: string): Row {
  const find = () => db.get("SELECT * FROM accounts WHERE account = :account", { account });
  const found = find();
  if (found) return found;
  db.run("INSERT INTO accounts (account, seq) VALUES (:account, 0)", { account });
  return find()!;
}
