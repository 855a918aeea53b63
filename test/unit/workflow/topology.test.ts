import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readTopology, type Topology } from "../../../src/workflow/topology.ts";
import { anyGraphs, escapeOnce } from "./support.ts";

function accepted(value: unknown): Topology {
  const read = readTopology(typeof value === "string" ? value : JSON.stringify(value));
  assert.ok("topology" in read, JSON.stringify(read));
  return read.topology;
}

function refused(value: unknown): string {
  const read = readTopology(typeof value === "string" ? value : JSON.stringify(value));
  assert.ok("problem" in read, JSON.stringify(read));
  return [read.problem.kind, ...read.problem.names].join(" ");
}

const mediaWorkflow = {
  Activities: {
    "Act-Start": { Parameters: { PipelineId: "1" }, Type: "Start" },
    "Act-Transcode": { Type: "Transcode" },
    "Act-Report": { Type: "Report" },
  },
  Dependencies: { "Act-Start": ["Act-Transcode"], "Act-Transcode": ["Act-Report"], "Act-Report": [] },
};

const expected = {
  nodes: [
    { name: "Act-Start", kind: "Start" },
    { name: "Act-Transcode", kind: "Transcode" },
    { name: "Act-Report", kind: "Report" },
  ],
  edges: [
    ["Act-Start", "Act-Transcode"],
    ["Act-Transcode", "Act-Report"],
  ],
};

test("the form of Media Processing Service: Dependencies maps a node to its successors", () => {
  assert.deepEqual(accepted(mediaWorkflow), expected);
  assert.deepEqual(accepted(escapeOnce(JSON.stringify(mediaWorkflow))), expected);
  assert.deepEqual(accepted({ Topology: JSON.stringify(mediaWorkflow) }), expected);
  assert.deepEqual(accepted({ Dependencies: { a: ["b"] } }), {
    nodes: [
      { name: "a", kind: "" },
      { name: "b", kind: "" },
    ],
    edges: [["a", "b"]],
  });
});

test("the form of nodes and edges, in the ways people write it", () => {
  const nodes = [{ id: "1", name: "Act_Start", type: "start" }, { id: 2, label: "B", kind: "x" }, "3", { name: "D" }];
  const edges = [["1", 2], { from: 2, to: "3" }, { source: "3", target: "D" }, ["1", "2"]];
  assert.deepEqual(accepted({ nodes, edges }), {
    nodes: [
      { name: "1", label: "Act_Start", kind: "start" },
      { name: "2", label: "B", kind: "x" },
      { name: "3", kind: "" },
      { name: "D", kind: "" },
    ],
    edges: [
      ["1", "2"],
      ["2", "3"],
      ["3", "D"],
    ],
  });
  assert.deepEqual(accepted({ nodes: ["a"] }), { nodes: [{ name: "a", kind: "" }], edges: [] });
});

test("nonsense is refused with the reason and the names", () => {
  assert.equal(refused("not json"), "not-json");
  assert.equal(refused("12"), "not-topology");
  assert.equal(refused([]), "not-topology");
  assert.equal(refused({ Activities: {} }), "not-topology");
  assert.equal(refused({ Dependencies: { a: "b" } }), "not-topology");
  assert.equal(refused({ Dependencies: { a: [{}] } }), "not-topology");
  assert.equal(refused({ nodes: [{ id: "" }], edges: [] }), "not-topology");
  assert.equal(refused({ nodes: ["a"], edges: [["a"]] }), "not-topology");
  assert.equal(refused({ nodes: ["a"], edges: {} }), "not-topology");
  assert.equal(refused({ nodes: [] }), "empty");
  assert.equal(refused({ Activities: {}, Dependencies: {} }), "empty");
  assert.equal(refused({ nodes: ["a", "b", "a"], edges: [] }), "repeated-node a");
  assert.equal(refused({ nodes: ["a"], edges: [["a", "b"]] }), "unknown-node b");
  assert.equal(refused({ Activities: { a: {} }, Dependencies: { a: ["b"] } }), "unknown-node b");
  assert.equal(refused({ nodes: ["a"], edges: [["a", "a"]] }), "cycle a a");
  assert.equal(refused({ Dependencies: { a: ["b"], b: ["c"], c: ["a"], d: [] } }).split(" ")[0], "cycle");
  assert.equal(refused({ nodes: Array.from({ length: 20_001 }, (_, i) => `n${i}`) }), "too-large");
  assert.equal(refused(`${'{"Topology":'.repeat(1e5)}{}${"}".repeat(1e5)}`), "not-topology");
});

test("a refusal says what is wrong in a sentence", () => {
  const read = readTopology('{"Dependencies":{"a":["b"],"b":["a"]}}');
  assert.ok("problem" in read);
  assert.match(read.problem.message, /^The topology goes in a circle: \{0\}\./);
  assert.equal(read.problem.names.length, 3);
  assert.equal(read.problem.names[0], read.problem.names[2]);
});

test("__proto__ and friends are names like any others", () => {
  const { nodes, edges } = accepted('{"Dependencies":{"__proto__":["constructor"],"constructor":[]}}');
  assert.deepEqual(
    nodes.map(({ name }) => name),
    ["__proto__", "constructor"],
  );
  assert.deepEqual(edges, [["__proto__", "constructor"]]);
  assert.deepEqual(accepted('{"Activities":{"constructor":{}},"Dependencies":{}}').nodes, [
    { name: "constructor", kind: "" },
  ]);
});

test("any graph is either accepted whole or refused for a circle that it has", () => {
  fc.assert(
    fc.property(anyGraphs, ({ nodes, pairs }) => {
      const edges = Array.from({ length: pairs.length / 2 }, (_, i) => [`n${pairs[2 * i]}`, `n${pairs[2 * i + 1]}`]);
      const read = readTopology(JSON.stringify({ nodes: Array.from({ length: nodes }, (_, i) => `n${i}`), edges }));
      const has = (from: string, to: string) => edges.some(([a, b]) => a === from && b === to);
      if ("topology" in read) {
        assert.deepEqual(new Set(read.topology.edges.map(String)), new Set(edges.map(String)));
      } else {
        assert.equal(read.problem.kind, "cycle");
        for (let i = 1; i < read.problem.names.length; i++) {
          assert.ok(has(read.problem.names[i - 1]!, read.problem.names[i]!));
        }
      }
    }),
  );
});
