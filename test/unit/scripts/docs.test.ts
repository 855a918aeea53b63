import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { benchTable, DOCUMENTS, fillSection, makeDocument } from "../../../scripts/docs.mjs";

const root = path.resolve(import.meta.dirname, "../../..");
const read = (file: string) => fs.readFileSync(path.join(root, file), "utf8");
const documents = Object.keys(DOCUMENTS);

describe("the README in each language", () => {
  for (const document of documents) {
    it(`${document} has the commands, settings and failures as they are`, async () => {
      const [made, found] = [await makeDocument(document), read(document)].map((text) => text.split("\n"));
      const stale = [
        ...made!.filter((line) => !found!.includes(line)),
        ...found!.filter((line) => !made!.includes(line)),
      ];
      assert.deepEqual(stale, [], "Run: npm run docs");
      assert.deepEqual(found, made);
    });

    it(`${document} links to files that are there`, () => {
      const links = [...read(document).matchAll(/\]\(([^)#]+)\)/g)].map(([, link]) => link!);
      const missing = links.filter((link) => !/^https?:/.test(link) && !fs.existsSync(path.join(root, link)));
      assert.deepEqual(missing, []);
      assert.ok(links.length > 5);
    });

    it(`${document} names no command or setting that does not exist`, () => {
      const manifest = read("package.json");
      const named = new Set(read(document).match(/vodJobs(\.\w+)+/g));
      assert.deepEqual(
        [...named].filter((name) => !manifest.includes(`"${name}"`)),
        [],
      );
    });
  }

  it("says the same in all: headings, examples, rows of tables, pictures", () => {
    const shapeOf = (document: string) => {
      const lines = read(document).split("\n");
      return {
        headings: lines.filter((line) => /^#+ /.test(line)).map((line) => line.replace(/[^#].*/, "")),
        rows: lines.filter((line) => line.startsWith("|")).length,
        points: lines.filter((line) => /^(-|\d\.) /.test(line)).length,
        examples: read(document).match(/```[\s\S]*?```/g),
        pictures: [...read(document).matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, file]) => file),
      };
    };
    const [first, ...others] = documents.map(shapeOf);
    for (const other of others) assert.deepEqual(other, first);
  });
});

describe("generated sections", () => {
  it("stand between their markers, and nothing else changes", () => {
    const before = "a\n<!-- x -->\nold\n<!-- /x -->\nb";
    assert.equal(fillSection(before, "x", "new"), "a\n<!-- x -->\n\nnew\n\n<!-- /x -->\nb");
    assert.throws(() => fillSection("a", "x", "new"), /<!-- x -->/);
  });

  it("show measurements with what they are compared with", () => {
    const row = { name: "a|b", ours: 1.23456, peer: 20, unit: "ms", ratio: 0.0617, goal: "≤ 0.05", holds: false };
    const [, , line] = benchTable("README.md", [row]).split("\n");
    assert.equal(line, "| a\\|b | 1.23 ms | 20 ms (0.0617) | ≤ 0.05: **missed** |");
  });
});
