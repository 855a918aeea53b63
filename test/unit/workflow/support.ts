import { readFileSync } from "node:fs";
import fc from "fast-check";
import { activityPhase } from "../../../src/workflow/status.ts";
import type { Activity } from "../../../src/workflow/types.ts";

const answer = JSON.parse(readFileSync(new URL("../../fixtures/get-job-detail.json", import.meta.url), "utf8")) as {
  WorkflowTaskDetail: { ActivityResults: string; TaskInput: string };
};

/** The specification's sample: escaped once too often, as its example has it, and plain. */
export const sample = {
  activityResults: answer.WorkflowTaskDetail.ActivityResults,
  plainActivityResults: unescapeOnce(answer.WorkflowTaskDetail.ActivityResults),
  taskInput: answer.WorkflowTaskDetail.TaskInput,
};

/** A text escaped once too often. */
export function escapeOnce(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function unescapeOnce(text: string): string {
  return JSON.parse(`"${text}"`) as string;
}

/** An activity; times in seconds. */
export function activity(
  name: string,
  start?: number,
  end?: number,
  rest: Partial<Activity> & { status?: string } = {},
): Activity {
  const status = rest.status ?? "Succeed";
  return {
    name,
    kind: "VodSnapshot",
    instanceId: "",
    status,
    phase: activityPhase(status),
    ...(start !== undefined && { startedAt: start * 1000 }),
    ...(end !== undefined && { endedAt: end * 1000 }),
    ...rest,
  };
}

/** Lists of activities with different names, whole seconds, and everything missing that can be missing. */
export function activityLists(maxLength = 12): fc.Arbitrary<Activity[]> {
  const second = fc.integer({ min: 0, max: 20 });
  const one = fc.record({
    start: fc.option(second, { nil: undefined }),
    length: fc.option(fc.integer({ min: -2, max: 10 }), { nil: undefined }),
    status: fc.constantFrom("Succeed", "Failed", "Processing", "Skip", "Strange"),
  });
  return fc
    .array(one, { maxLength })
    .map((items) =>
      items.map(({ start, length, status }, index) =>
        activity(`a${index}`, start, length === undefined ? undefined : (start ?? 5) + length, { status }),
      ),
    );
}

/** Graphs of up to 12 nodes with any edges at all: loops, repeated ones, circles. */
export const anyGraphs = fc.integer({ min: 1, max: 12 }).chain((nodes) =>
  fc.record({
    nodes: fc.constant(nodes),
    pairs: fc
      .array(fc.tuple(fc.nat({ max: nodes - 1 }), fc.nat({ max: nodes - 1 })), { maxLength: 24 })
      .map((edges) => Int32Array.from(edges.flat())),
  }),
);
