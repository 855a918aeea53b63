import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readActivities } from "../../../src/workflow/activities.ts";
import { type Dependency, findDependencies, startActivity, stepEdges } from "../../../src/workflow/dependencies.ts";
import { dataReferences } from "../../../src/workflow/references.ts";
import { timeOrder } from "../../../src/workflow/timeOrder.ts";
import type { Topology } from "../../../src/workflow/topology.ts";
import type { Activity } from "../../../src/workflow/types.ts";
import { activity, activityLists, sample } from "./support.ts";

const words = ({ from, to, evidence, contradicted, binding }: Dependency) =>
  [`${from} → ${to}`, evidence, contradicted && "contradicted", binding && "binding"].filter(Boolean).join(", ");
const topology = (edges: [string, string][], nodes = [...new Set(edges.flat())]): Topology => ({
  nodes: nodes.map((name) => ({ name, kind: "" })),
  edges,
});
const start = activity("start", 0, undefined, { kind: "start" });

test("the sample states nothing: ids that name the activity itself, the media and the user are no evidence", () => {
  const { activities } = readActivities(sample.activityResults);
  assert.deepEqual(dataReferences(activities, sample.taskInput), []);
  assert.deepEqual(findDependencies(activities).edges.map(words), [
    "Act_Start → VodSnapshot_123, by definition, binding",
    "Act_Start → Translate_zh_en, by definition, binding",
    "Act_Start → VodDynamicImage_123, by definition, binding",
  ]);
});

test("a Result of one very long word is looked through in no time (it once took its length squared)", () => {
  const blob = activity("blob", 1, 2, { result: JSON.stringify({ Data: "A1-".repeat(300_000) }) });
  assert.deepEqual(dataReferences([start, blob], undefined), []);
});

test("without a start activity and without statements there is no edge, whatever the times", () => {
  assert.deepEqual(findDependencies([activity("a", 0, 1), activity("b", 2, 3)]).edges, []);
});

test("a topology states; only the predecessor that ended last binds; the start leads to the rest", () => {
  const activities = [start, activity("a", 1, 5), activity("b", 1, 9), activity("c", 9, 10), activity("d", 3, 4)];
  const found = findDependencies(
    activities,
    topology([
      ["start", "a"],
      ["a", "c"],
      ["b", "c"],
    ]),
  );
  assert.deepEqual(found.edges.map(words), [
    "start → a, stated, binding",
    "a → c, stated",
    "b → c, stated, binding",
    "start → b, by definition, binding",
    "start → d, by definition, binding",
  ]);
  assert.deepEqual(found.strangers, ["d"]);
  assert.equal(stepEdges(found).length, 5);
});

test("a stated edge that the times refute is flagged; the same second refutes nothing", () => {
  const running = activity("running", 0, undefined, { status: "Processing" });
  const activities = [
    activity("a", 0, 5),
    activity("early", 4, 6),
    activity("same", 5, 6),
    running,
    activity("later", 9, 10),
  ];
  const edges: [string, string][] = [
    ["a", "early"],
    ["a", "same"],
    ["running", "later"],
    ["early", "a"],
  ];
  assert.deepEqual(findDependencies(activities, topology(edges)).edges.map(words), [
    "a → early, stated, contradicted, binding",
    "a → same, stated, binding",
    "running → later, stated, contradicted, binding",
    "early → a, stated, contradicted, binding",
  ]);
});

test("activities of the topology that the run does not have are pending; names may be labels", () => {
  const found = findDependencies([activity("Act_1", 0, 1)], {
    nodes: [
      { name: "1", label: "Act_1", kind: "x" },
      { name: "2", label: "Act_2", kind: "VodSnapshot" },
    ],
    edges: [["1", "2"]],
  });
  assert.deepEqual(found.edges.map(words), ["Act_1 → 2, stated, binding"]);
  assert.deepEqual(found.pending, [{ name: "2", kind: "VodSnapshot", instanceId: "", status: "", phase: "pending" }]);
  assert.deepEqual(found.strangers, []);
  const other = findDependencies([activity("x", 0, 1)], topology([["a", "b"]]));
  assert.deepEqual([other.pending.map(({ name }) => name), other.strangers], [["a", "b"], ["x"]]);
});

test("the earliest start activity is the start, its kind in any case", () => {
  const late = activity("late", 5, 6, { kind: "Start" });
  assert.equal(startActivity([late, start]), "start");
  assert.equal(startActivity([late]), "late");
  assert.equal(startActivity([activity("a", 0, 1)]), undefined);
});

test("inferred edges that are drawn never outnumber the activities, and every stated one is kept", () => {
  fc.assert(
    fc.property(
      activityLists(),
      fc.array(fc.tuple(fc.nat(11), fc.nat(11), fc.boolean())),
      fc.boolean(),
      (list, made, begins) => {
        const activities = begins ? [start, ...list] : list;
        const references = made
          .filter(([from, to]) => from < list.length && to < list.length)
          .map(
            ([from, to, stated]): Dependency => ({
              from: `a${from}`,
              to: `a${to}`,
              evidence: stated ? "stated" : "data reference",
            }),
          );
        const found = findDependencies(activities, undefined, references);
        const drawn = stepEdges(found);
        const pairs = (edges: readonly Dependency[]) => edges.map(({ from, to }) => `${from} ${to}`);
        assert.equal(new Set(pairs(found.edges)).size, found.edges.length);
        assert.ok(drawn.filter(({ evidence }) => evidence !== "stated").length <= activities.length);
        const stated = pairs(drawn.filter(({ evidence }) => evidence === "stated"));
        const given = references.filter(({ from, to, evidence }) => evidence === "stated" && from !== to);
        assert.deepEqual(new Set(stated), new Set(pairs(given)));
        for (const { name } of activities) {
          const into = found.edges.filter(({ to }) => to === name);
          assert.equal(into.filter(({ binding }) => binding).length, into.length > 0 ? 1 : 0);
          const expectsStart = begins && name !== "start" && into.every(({ evidence }) => evidence !== "stated");
          assert.equal(
            into.some(({ evidence }) => evidence === "by definition"),
            expectsStart && into.length > 0,
          );
        }
      },
    ),
  );
});

const id = (n: number) => `5c9dff751ba0f3d1e2c34b59d50a96${String(n).padStart(2, "0")}`;
const withResult = (
  name: string,
  from: number,
  to: number | undefined,
  result: unknown,
  rest: Partial<Activity> = {},
) => activity(name, from, to, { result: JSON.stringify(result), ...rest });

test("an id first seen in one Result and later in another's is a data reference", () => {
  const activities = [
    withResult("consumer", 6, 9, { Input: JSON.stringify({ FileUrl: `https://a.example/dir/${id(1)}-hd.mp4` }) }),
    withResult("producer", 0, 5, { MessageBody: { Url: `https://b.example/dir/${id(1)}-hd.mp4` } }),
    withResult("third", 10, 11, { Input: `${id(1)}-hd` }),
  ];
  assert.deepEqual(dataReferences(activities), [
    { from: "producer", to: "consumer", evidence: "data reference", token: `${id(1)}-hd` },
    { from: "producer", to: "third", evidence: "data reference", token: `${id(1)}-hd` },
  ]);
});

test("another activity's instance id in a Result is a statement", () => {
  const activities = [
    withResult("a", 0, 5, { ActivityInstanceId: id(1) }, { instanceId: id(1) }),
    withResult(
      "b",
      6,
      9,
      { After: [id(1)], TriggerSource: JSON.stringify({ ActivityInstanceId: id(2) }) },
      { instanceId: id(2) },
    ),
  ];
  assert.deepEqual(dataReferences(activities), [
    { from: "a", to: "b", evidence: "stated", source: "result", token: id(1) },
  ]);
});

test("no evidence: what everybody has, RequestIds, short strings, numbers, hosts, and what two held at once", () => {
  const none = (first: unknown, second: unknown, taskInput?: string, ignored?: string[]) => {
    const activities = [withResult("a", 0, 5, first), withResult("b", 6, 9, second)];
    assert.deepEqual(dataReferences(activities, taskInput, ignored), []);
  };
  none({ Media: id(1) }, { Media: id(1) }, JSON.stringify({ Media: id(1) }));
  none({ TaskId: id(1) }, { TaskId: id(1) }, undefined, [id(1)]);
  none({ RequestId: id(1) }, { requestId: id(1) });
  none({ name: "job11" }, { name: "job11" });
  none({ kind: "VideoTranslationAllDone" }, { kind: "VideoTranslationAllDone" });
  none({ user: 1797131669910763 }, { user: 1797131669910763 });
  none({ user: "1797131669910763123" }, { user: "1797131669910763123" });
  none(
    { url: "https://outin-4b12345678901234.oss.example/x" },
    { url: "https://outin-4b12345678901234.oss.example/y" },
  );
  none(
    { bucket: "outin-4b12345678901234.oss-cn-shanghai.aliyuncs.com" },
    { bucket: "outin-4b12345678901234.oss-cn-shanghai.aliyuncs.com" },
  );

  const both = [
    withResult("a", 0, 5, { t: id(1) }),
    withResult("b", 3, 9, { t: id(1) }),
    withResult("c", 10, 11, { t: id(1) }),
  ];
  assert.deepEqual(dataReferences(both), [], "b had it while a was still at work");
  const begun = withResult("s", 0, undefined, { t: id(1) }, { kind: "start" });
  assert.deepEqual(dataReferences([begun, ...both.slice(0, 1), both[2]!]), [], "the start activity holds the input");
});

test("hostile Results are read to a bound and never throw", () => {
  const deep = `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`;
  const many = JSON.stringify(Array.from({ length: 20_000 }, (_, i) => `${id(0)}x${i}`));
  const activities = [deep, many, many, "{", "[".repeat(1e5), "\ud800"].map((result, i) =>
    activity(`a${i}`, i, i, { result }),
  );
  assert.ok(dataReferences(activities).length <= 5000);
  // As long as an answer may be: a regular expression with an unbounded repetition gives up on such a run.
  for (const piece of ["m", "m."]) {
    const result = JSON.stringify({ Message: piece.repeat(15_900_000 / piece.length) });
    assert.deepEqual(dataReferences([activity("a", 0, 1, { result })]), []);
  }
});

test("time only: what had ended, counted one by one; two of no length in one second do not precede each other", () => {
  const twins = [activity("a", 5, 5), activity("b", 5, 5)];
  for (const twin of twins) assert.deepEqual(timeOrder(twins).endedBefore(twin), { count: 0, latest: [] });
  fc.assert(
    fc.property(activityLists(), fc.nat({ max: 11 }), (activities, known) => {
      const order = timeOrder(activities);
      for (const one of activities) {
        const expected = activities.filter(
          ({ name, startedAt, endedAt }) =>
            name !== `a${known}` &&
            startedAt !== undefined &&
            endedAt !== undefined &&
            endedAt >= startedAt &&
            one.startedAt !== undefined &&
            (endedAt === startedAt ? endedAt + 500 : endedAt) <= one.startedAt,
        );
        const { count, latest } = order.endedBefore(one, new Set([`a${known}`]));
        assert.equal(count, expected.length);
        const ends = expected.map(({ endedAt }) => endedAt!).sort((a, b) => b - a);
        const named = latest.map((name) => activities.find((item) => item.name === name)!.endedAt!);
        if (expected.every(({ startedAt, endedAt }) => startedAt !== endedAt)) {
          assert.deepEqual(named, ends.slice(0, 3));
        }
        assert.equal(latest.length, Math.min(3, expected.length));
      }
    }),
  );
});
