import assert from "node:assert/strict";
import { test } from "node:test";
import { idAt, type Lines } from "../../../../src/editor/doors/idAt.ts";
import { KnownIds } from "../../../../src/jobs/ids/known.ts";

const a = "5c9dff751ba0f3d1e2c34b59d50a967f";
const b = "2dc1634e0f3d1e2c34b59d503f1d22d1";
const none = new KnownIds();

function document(text: string): Lines {
  const lines = text.split("\n");
  return { lineCount: lines.length, lineAt: (line) => ({ text: lines[line]! }) };
}

test("the id under the pointer is found from its first character to behind its last, and only there", () => {
  const text = document(`x ${a} ${b}`);
  const at = (character: number) => idAt(text, 0, character, none)?.found.id;
  assert.deepEqual([1, 2, 20, 34, 35, 67, 68].map(at), [undefined, a, a, a, b, b, undefined]);
  assert.deepEqual(
    [0, 32].map((character) => idAt(document(a), 0, character, none)?.found.id),
    [a, a],
  );
});

test("lines above and below tell the type", () => {
  const answer = document(`{\n  "SnapshotJob": {\n    "Size": 1,\n    "JobId": "${a}"\n  }\n}`);
  assert.equal(idAt(answer, 3, 20, none)?.found.type, "snapshot");
  const event = document(`{\n  "JobId": "${a}",\n  "Status": 1,\n  "EventType": "TranscodeComplete"\n}`);
  assert.equal(idAt(event, 1, 20, none)?.found.type, "transcode");
  const list = document(`"TranscodeJobIds": [\n  "${a}",\n  "${b}"\n]`);
  assert.equal(idAt(list, 2, 10, none)?.found.type, "transcode");
});

test("on a line of a megabyte the place in the line is given", () => {
  const filler = "x=1;".repeat(125_000);
  const text = document(`${filler}\n${filler}jobId="${a}";${filler}\n${filler}`);
  const character = filler.length + 20;
  const place = idAt(text, 1, character, none);
  assert.equal(place?.found.because, "named");
  assert.equal(text.lineAt(1).text.slice(place.start, place.end), a);
  assert.equal(idAt(text, 1, 3000, none), undefined);
});

test("a little is read, however long the lines around are", () => {
  let read = 0;
  const long = { slice: (...part: [number, number?]) => count("y".repeat(2_000_000).slice(...part)) };
  const count = (text: string) => {
    read += text.length;
    return text;
  };
  const text = {
    lineCount: 3,
    lineAt: (line: number) => ({ text: line === 1 ? a : (long as unknown as string) }),
  };
  assert.ok(idAt(text, 1, 3, none));
  assert.ok(read <= 20_000, `${read} characters`);
});

test("known ids are found in any form", () => {
  const masked = "2dc1634e**********3f1d22d1a0174e";
  const text = document(`see ${masked}.`);
  assert.equal(idAt(text, 0, 10, new KnownIds([masked]))?.found.because, "known");
  assert.equal(idAt(text, 0, 10, none), undefined);
});
