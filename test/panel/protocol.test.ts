import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  protocolVersion,
  readToPanel as readText,
  readToHost,
  type ToHost,
  type ToPanel,
} from "../../src/panel/protocol.ts";

/** Messages to the panel go as JSON. */
const readToPanel = (message: unknown) => readText(JSON.stringify(message));

const header = {
  title: "t",
  phase: "running",
  standing: "Running",
  about: "",
  answered: true,
  live: true,
  from: 1,
  now: 2,
} as const;
const parts = {
  header,
  asking: false,
  trouble: { text: "x", steps: ["Show Log"] },
  axis: { from: 0, to: 1, folds: [{ from: 0, to: 1 }], length: 1, times: [0, 1], positions: [0, 1] },
  banner: null,
  news: "",
} as const;
const activity = {
  name: "a",
  kind: "k",
  word: "Failed",
  phase: "failed",
  shape: "bar",
  from: 1,
  to: 2,
  after: [{ from: "b", evidence: "stated", binding: true }],
} as const;
const tree = {
  key: "",
  kind: "object",
  text: "{1}",
  items: [{ key: "n", kind: "number", text: "12345678901234567890" }],
};

const toPanel: ToPanel[] = [
  { type: "snapshot", version: protocolVersion, rev: 1, parts, activities: [activity] },
  {
    type: "patch",
    rev: 2,
    ops: [
      { op: "parts", parts: { asking: true } },
      { op: "put", activity: { ...activity, remark: "x" }, place: 0 },
      { op: "drop", name: "b" },
    ],
  },
  {
    type: "details",
    name: null,
    title: "t",
    phase: "succeeded",
    notes: ["n"],
    life: [{ at: 1, phase: "pending", text: "Created", share: 0.5, length: "3 s" }],
    sections: [
      {
        title: "s",
        fields: [
          { label: "l", tree: tree as never },
          { label: "", at: 5, names: ["a"] },
        ],
      },
    ],
  },
  {
    type: "steps",
    layout: {
      width: 1,
      height: 1,
      cardWidth: 1,
      cardHeight: 1,
      names: ["a"],
      x: [0],
      y: [0],
      edges: [{ from: 0, to: 0, evidence: "stated", way: "M0 1H2", head: "M2 1l-7-4v8z" }],
    },
  },
  { type: "select", name: "a" },
  { type: "ask", what: "png" },
  { type: "paint", drawing: { width: 1, height: 1, marks: [{ d: "M0 0", style: { fillStyle: "#fff" }, dash: [] }] } },
];

const toHost: ToHost[] = [
  { type: "ready", version: protocolVersion, restored: false },
  { type: "resync" },
  { type: "view", view: "steps" },
  { type: "select", name: null },
  { type: "refresh" },
  { type: "menu" },
  { type: "step", index: 0 },
  { type: "copyTree", name: "a", section: 0, field: 1 },
  { type: "copy", text: "x" },
  {
    type: "expose",
    exposure: {
      format: "svg",
      view: "timeline",
      names: ["a"],
      selected: null,
      time: { left: 0, scale: 1 },
      width: 800,
      palette: { fg: "rgb(1, 2, 3)", bg: "color(srgb 0.1 0.2 0.3 / 0.5)", line: "#ffffff" },
    },
  },
  { type: "png", data: "data:image/png;base64,aGVsbG8=" },
  { type: "broken", text: "TypeError" },
];

test("every message of both directions is read as it is", () => {
  for (const message of toPanel) assert.deepEqual(readToPanel(message), message, message.type);
  for (const message of toHost) assert.equal(readToHost(message), message, message.type);
});

test("a message of one direction is none of the other", () => {
  for (const message of toPanel.filter(({ type }) => type !== "select")) assert.equal(readToHost(message), undefined);
  for (const message of toHost.filter(({ type }) => type !== "select")) assert.equal(readToPanel(message), undefined);
});

test("an unknown field, a missing one or one of another type is refused, wherever it stands", () => {
  for (const [message, read] of [
    ...toPanel.map((one) => [one, readToPanel] as const),
    ...toHost.map((one) => [one, readToHost] as const),
  ]) {
    for (const broken of mutants(message)) assert.equal(read(broken), undefined, JSON.stringify(broken));
  }
});

test("what is no message at all is refused without an error", () => {
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true, maxDepth: 4 }), (anything) => {
      assert.equal(readText(anything), undefined);
      assert.equal(readToHost(anything), undefined);
    }),
    { numRuns: 300 },
  );
});

test("the page cannot bring a color that leaves its attribute, a picture that is none, or a text without end", () => {
  const expose = toHost.find((message) => message.type === "expose")!;
  for (const color of ['"/><script>', "url(http://x)", "red;background:url(x)", "x".repeat(100), "expression(1)}"]) {
    const exposure = { ...(expose as { exposure: object }).exposure, palette: { fg: color } };
    assert.equal(readToHost({ ...expose, exposure }), undefined, color);
  }
  for (const data of ["data:text/html;base64,aGk=", "data:image/png;base64,<svg>", "https://example.com/x.png"]) {
    assert.equal(readToHost({ type: "png", data }), undefined, data);
  }
  assert.equal(readToHost({ type: "copy", text: "x".repeat(1_000_001) }), undefined);
  assert.equal(readToHost({ type: "select", name: "x".repeat(100_001) }), undefined);
});

test("an older page or host is refused", () => {
  const snapshot = toPanel[0] as object;
  assert.equal(readToPanel({ ...snapshot, version: protocolVersion + 1 }), undefined);
});

/** The message with one thing wrong, once for each thing that can be: an added field, and each value of another type. */
function* mutants(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) for (const bad of mutants(item)) yield value.with(at, bad);
  } else if (typeof value === "object" && value !== null) {
    // Marks and the palette are open by design: what they hold is checked where it is used.
    if (!("d" in value) && !("fg" in value)) yield { ...value, surplus: 1 };
    for (const [key, part] of Object.entries(value)) {
      if (["marks", "palette"].includes(key)) continue;
      for (const bad of mutants(part)) yield { ...value, [key]: bad };
    }
  } else if (value !== null) {
    yield typeof value === "object" ? 1 : [value];
    yield { value };
  }
}
