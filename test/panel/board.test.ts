import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import * as board from "../../src/panel/board.ts";
import { type Parts, protocolVersion, type ViewActivity } from "../../src/panel/protocol.ts";

const parts: Parts = {
  header: {
    title: "",
    phase: "running",
    standing: "",
    about: "",
    answered: true,
    live: false,
    from: 10,
    to: 40,
    now: 0,
  },
  asking: false,
  trouble: null,
  axis: { from: 0, to: 1, folds: [], length: 1, times: [0, 1], positions: [0, 1] },
  banner: null,
  news: "",
};

const activity = (name: string, more: Partial<ViewActivity> = {}): ViewActivity => ({
  name,
  kind: "Kind",
  word: "Succeeded",
  phase: "succeeded",
  shape: "none",
  ...more,
});

function start(activities: readonly ViewActivity[], rev = 1): void {
  board.take({ type: "snapshot", version: protocolVersion, rev, parts, activities });
  board.filter("", []);
}

const names = () => board.rows.map(({ name }) => name);

test("a patch that follows is taken, one that does not asks for everything", () => {
  start([activity("a")]);
  assert.equal(board.take({ type: "patch", rev: 2, ops: [{ op: "put", activity: activity("b"), place: 1 }] }), true);
  assert.deepEqual(names(), ["a", "b"]);
  assert.equal(board.take({ type: "patch", rev: 4, ops: [{ op: "drop", name: "a" }] }), false);
  assert.deepEqual(names(), ["a", "b"], "nothing of a patch with a gap before it is taken");
  start([activity("c")], 9);
  assert.deepEqual(names(), ["c"]);
});

test("patches lead from any list to any other", () => {
  const list = fc.uniqueArray(fc.stringMatching(/^[a-f]$/), { maxLength: 6 });
  fc.assert(
    fc.property(list, list, (before, after) => {
      start(before.map((name) => activity(name)));
      const drops = before.filter((name) => !after.includes(name)).map((name) => ({ op: "drop" as const, name }));
      const puts = after.map((name, place) => ({ op: "put" as const, activity: activity(name), place }));
      board.take({ type: "patch", rev: 2, ops: [...drops, ...puts] });
      assert.deepEqual(names(), after);
      for (const name of after) assert.equal(board.rowOf(name)?.name, name);
      for (const name of before) assert.equal(board.rowOf(name) !== undefined, after.includes(name));
    }),
  );
});

test("the filter looks at name, kind and status, in any case, and at the phases", () => {
  start([
    activity("Alpha"),
    activity("Beta", { kind: "VodSnapshot" }),
    activity("Gamma", { phase: "failed", word: "Kaput" }),
  ]);
  const shown = (text: string, only: Parameters<typeof board.filter>[1] = []) => {
    board.filter(text, only);
    return board.shown.map(({ name }) => name);
  };
  assert.deepEqual(shown(" alp "), ["Alpha"]);
  assert.deepEqual(shown("snapshot"), ["Beta"]);
  assert.deepEqual(shown("KAPUT"), ["Gamma"]);
  assert.deepEqual(shown("", ["failed"]), ["Gamma"]);
  assert.deepEqual(shown("a", ["succeeded"]), ["Alpha", "Beta"]);
  assert.equal(board.placeOf("Beta"), 1);
  assert.equal(board.placeOf("Gamma"), -1);
  assert.deepEqual(shown(""), ["Alpha", "Beta", "Gamma"]);
});

test("phases are counted", () => {
  start([activity("a"), activity("b", { phase: "failed" }), activity("c", { phase: "failed" })]);
  assert.deepEqual(board.counts, { succeeded: 1, failed: 2 });
  board.take({
    type: "patch",
    rev: 2,
    ops: [
      { op: "put", activity: activity("b"), place: 1 },
      { op: "drop", name: "a" },
    ],
  });
  assert.deepEqual(board.counts, { succeeded: 1, failed: 1 });
});

test("of what is over the length is known; of what goes on it grows with the host's clock", () => {
  start([]);
  assert.equal(board.duration(), 30);
  const header = { ...parts.header, live: true, from: Date.now() - 5000, to: undefined, now: Date.now() + 60_000 };
  board.take({ type: "patch", rev: 2, ops: [{ op: "parts", parts: { header } }] });
  assert.ok(board.duration()! >= 65_000, "the host's clock is a minute ahead of this one");
});
