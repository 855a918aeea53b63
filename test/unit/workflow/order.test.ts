import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { adjacency, sortTopologically } from "../../../src/workflow/order.ts";
import { anyGraphs } from "./support.ts";

test("neighbors, both ways, as filtering finds them", () => {
  fc.assert(
    fc.property(anyGraphs, ({ nodes, pairs }) => {
      const edges = Array.from({ length: pairs.length / 2 }, (_, i) => [pairs[2 * i]!, pairs[2 * i + 1]!] as const);
      const down = adjacency(nodes, pairs);
      const up = adjacency(nodes, pairs, true);
      for (let node = 0; node < nodes; node++) {
        const list = ({ starts, targets }: typeof down) => [...targets.subarray(starts[node], starts[node + 1])];
        assert.deepEqual(
          list(down),
          edges.filter(([from]) => from === node).map(([, to]) => to),
        );
        assert.deepEqual(
          list(up),
          edges.filter(([, to]) => to === node).map(([from]) => from),
        );
      }
    }),
  );
});

test("an order of all nodes in which every edge goes forward; where there is a circle, one that is one", () => {
  fc.assert(
    fc.property(anyGraphs, ({ nodes, pairs }) => {
      const { order, cycle } = sortTopologically(nodes, pairs);
      const place = new Map([...order].map((node, i) => [node, i]));
      assert.equal(place.size, nodes);
      const edges = Array.from({ length: pairs.length / 2 }, (_, i) => [pairs[2 * i]!, pairs[2 * i + 1]!] as const);
      const backward = edges.filter(([from, to]) => place.get(from)! >= place.get(to)!);
      assert.equal(backward.length > 0, cycle.length > 0);
      for (const [i, node] of cycle.entries()) {
        const next = cycle[(i + 1) % cycle.length]!;
        assert.ok(edges.some(([from, to]) => from === node && to === next));
      }
      assert.equal(new Set(cycle).size, cycle.length);
    }),
  );
});

test("a chain of a hundred thousand is no problem", () => {
  const count = 100_000;
  const pairs = Int32Array.from({ length: 2 * (count - 1) }, (_, i) => (i + 1) >> 1);
  assert.deepEqual([...sortTopologically(count, pairs).order.subarray(0, 3)], [0, 1, 2]);
});
