import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { jobLink, parseJobLink } from "../../../../src/editor/doors/jobLink.ts";
import { jobTypes } from "../../../../src/vod/types.ts";

const id = "5c9dff751ba0f3d1e2c34b59d50a967f";
const query = `type=workflow&id=${id}&region=cn-shanghai`;
const parse = (given: string, where: { path?: string; fragment?: string } = {}) =>
  parseJobLink({ path: "/job", fragment: "", ...where, query: given });

test("a link names this extension, the type, the id and the region, and no account", () => {
  const link = jobLink("vscode", { account: "key:mine", region: "cn-shanghai", type: "workflow", id });
  assert.equal(link, `vscode://vod-job-tracker.vod-job-tracker/job?${query}`);
  const root = path.resolve(import.meta.dirname, "../../../..");
  const { publisher, name } = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8"));
  assert.equal(new URL(link).host, `${publisher}.${name}`);
});

test("what was linked is read back", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...jobTypes),
      fc.stringMatching(/^[0-9A-Za-z_*.-]{6,64}$/),
      fc.constantFrom("cn-shanghai", "ap-southeast-5", "cn-north-2-gov-1"),
      (type, someId, region) => {
        const link = new URL(jobLink("vscode", { account: "demo", region, type, id: someId })!);
        const read = parseJobLink({ path: link.pathname, query: link.search.slice(1), fragment: link.hash });
        assert.deepEqual(read, { type, id: someId, region });
      },
    ),
  );
});

test("the order of the parameters does not matter", () => {
  assert.deepEqual(parse(`region=cn-beijing&id=${id}&type=ai`), { type: "ai", id, region: "cn-beijing" });
});

test("whatever a link has too much, too little or wrong, it is refused", () => {
  assert.ok(parse(query));
  for (const wrong of [
    "",
    `type=workflow&id=${id}`,
    `id=${id}&region=cn-shanghai`,
    `type=workflow&region=cn-shanghai`,
    `${query}&account=demo`,
    `${query}&endpoint=https://evil.example`,
    `${query}&windowId=1`,
    `${query}&type=ai`,
    `${query}&`,
    `&${query}`,
    `type=Workflow&id=${id}&region=cn-shanghai`,
    `type=delete&id=${id}&region=cn-shanghai`,
    `type=workflow&id=${id}&region=evil.example`,
    `type=workflow&id=${id}&region=CN-SHANGHAI`,
    "type=workflow&id=a b c d e f&region=cn-shanghai",
    "type=workflow&id=abc&region=cn-shanghai",
    "type=workflow&id=../../../x&region=cn-shanghai",
    `type=workflow&id=${"a".repeat(257)}&region=cn-shanghai`,
    `type=workflow&id=${id}%00&region=cn-shanghai`,
    `type=workflow&id=<b>${id}</b>&region=cn-shanghai`,
    `type=workflow&id=${id}\u202e&region=cn-shanghai`,
    `type=workflow&__proto__=${id}&region=cn-shanghai`,
  ])
    assert.equal(parse(wrong), undefined, wrong);
  assert.equal(parse(query, { path: "/jobs" }), undefined);
  assert.equal(parse(query, { path: "/job/" }), undefined);
  assert.equal(parse(query, { path: "" }), undefined);
  assert.equal(parse(query, { fragment: "x" }), undefined);
});

test("no text makes the reader fail or give what is no job", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (somePath, someQuery, fragment) => {
      const read = parseJobLink({ path: somePath, query: someQuery, fragment });
      assert.equal(read, undefined);
    }),
  );
});

test("no link is made for an id that it cannot carry", () => {
  const ref = { account: "demo", region: "cn-shanghai", type: "ai" } as const;
  for (const odd of ["a&type=ai", "a=b=c=d", "任务-000017", "a b c d e f", "short", "x".repeat(300)])
    assert.equal(jobLink("vscode", { ...ref, id: odd }), undefined, odd);
});
