import type { Activity } from "./types.ts";

/** One step from a list of activities to another. Activities are known by name; the order of the list means nothing. */
export type ActivityOp =
  | { readonly op: "add" | "change"; readonly activity: Activity }
  | { readonly op: "remove"; readonly name: string };

/** The steps that lead from `before` to `after`; none when they tell the same. */
export function diffActivities(before: readonly Activity[], after: readonly Activity[]): ActivityOp[] {
  const old = new Map(before.map((activity) => [activity.name, activity]));
  const ops: ActivityOp[] = [];
  for (const activity of after) {
    const known = old.get(activity.name);
    if (!known) ops.push({ op: "add", activity });
    else if (!sameActivity(known, activity)) ops.push({ op: "change", activity });
    old.delete(activity.name);
  }
  for (const name of old.keys()) ops.push({ op: "remove", name });
  return ops;
}

/** `before` with the steps taken: what stays keeps its place, what is new comes last. */
export function applyPatch(before: readonly Activity[], ops: readonly ActivityOp[]): Activity[] {
  const activities = new Map(before.map((activity) => [activity.name, activity]));
  for (const op of ops) {
    if (op.op === "remove") activities.delete(op.name);
    else activities.set(op.activity.name, op.activity);
  }
  return [...activities.values()];
}

function sameActivity(a: Activity, b: Activity): boolean {
  return (
    a.kind === b.kind &&
    a.instanceId === b.instanceId &&
    a.status === b.status &&
    a.phase === b.phase &&
    a.startedAt === b.startedAt &&
    a.endedAt === b.endedAt &&
    a.result === b.result &&
    (a.notes ?? []).join("\n") === (b.notes ?? []).join("\n")
  );
}
