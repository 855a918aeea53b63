import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { LAYERS } from "../../../.dependency-cruiser.mjs";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const page = fs.readFileSync(path.join(ROOT, "ARCHITECTURE.md"), "utf8");

/** The rows of the table under this heading, cell by cell. */
function table(heading: string): string[][] {
  const rows = page
    .slice(page.indexOf(`| ${heading} |`))
    .split("\n\n")[0]!
    .split("\n")
    .slice(2);
  return rows.map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

test("ARCHITECTURE.md names every folder of src", () => {
  const entries = fs.readdirSync(path.join(ROOT, "src"), { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => `\`src/${name}\``);
  assert.deepEqual(
    table("folder")
      .map(([folder]) => folder)
      .sort(),
    folders.sort(),
  );
});

test("ARCHITECTURE.md says of every folder what the import rules let it import", () => {
  const said = Object.fromEntries(
    table("from").map(([from = "", to = ""]) => [
      from.replaceAll("`", ""),
      to === "nothing of ours" ? [] : to.split(/, (?=`)/).map((each) => each.replaceAll("`", "")),
    ]),
  );
  /** `vod/(sign|types)[.]ts$` reads "vod (sign, types)". */
  const inWords = (rule: string) =>
    rule.replace(/^(\w+)\/(?:\(?([\w|]*)\)?\[[.]\]ts\$)?$/, (_, folder: string, files?: string) =>
      files ? `${folder} (${files.replaceAll("|", ", ")})` : folder,
    );
  assert.deepEqual(said, Object.fromEntries(Object.entries(LAYERS).map(([from, to]) => [from, to.map(inWords)])));
});

test("every file that ARCHITECTURE.md and CONTRIBUTING.md name is there", () => {
  const pages = page + fs.readFileSync(path.join(ROOT, "CONTRIBUTING.md"), "utf8");
  const named = [...pages.matchAll(/`((?:src|scripts|test|jobs|vod|workflow|agent|editor|panel|demo)\/[\w./]*)`/g)].map(
    ([, file = ""]) => file,
  );
  assert.ok(named.length > 10);
  for (const file of named) {
    const there = [file, `src/${file}`].some((each) => fs.existsSync(path.join(ROOT, each)));
    assert.ok(there, file);
  }
});
