import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { compareVersions, dateUnreleased, readChangelog, releaseProblems } from "../../../scripts/changelog.mjs";

const changelog = (unreleased: string, heading: string, notes: string) =>
  `# Changelog\n\n## [Unreleased]\n\n${unreleased}\n\n${heading}\n\n${notes}\n\n## [1.9.0] - 2026-01-02\n\n- Old.\n\n[1.9.0]: https://x.test\n`;

test("the changelog is read into its versions, without its links", () => {
  assert.deepEqual(readChangelog(changelog("", "## [1.10.0] - 2026-02-03", "### Added\n\n- New.")), [
    { version: "Unreleased", notes: "" },
    { version: "1.10.0", date: "2026-02-03", notes: "### Added\n\n- New." },
    { version: "1.9.0", date: "2026-01-02", notes: "- Old." },
  ]);
});

test("what is under Unreleased becomes the version's, once", () => {
  const before = changelog("### Added\n\n- New.", "## [1.8.0] - 2026-01-01", "- Older.");
  const after = dateUnreleased(before, "1.10.0", "2026-02-03");
  assert.deepEqual(readChangelog(after).slice(0, 2), [
    { version: "Unreleased", notes: "" },
    { version: "1.10.0", date: "2026-02-03", notes: "### Added\n\n- New." },
  ]);
  assert.equal(after.replace("## [1.10.0] - 2026-02-03\n\n", ""), before, "and nothing else changes");
  assert.equal(dateUnreleased(after, "1.10.0", "2026-02-04"), after);
  assert.equal(dateUnreleased(after, "1.11.0", "2026-02-04"), after, "there is nothing to tell");
});

test("versions are compared as numbers", () => {
  assert.ok(compareVersions("1.10.0", "1.9.9") > 0);
  assert.ok(compareVersions("1.9.0", "2.0.0") < 0);
  assert.equal(compareVersions("1.2.3", "1.2.3"), 0);
});

for (const [name, text, version, problems] of [
  ["ready", changelog("", "## [1.10.0] - 2026-02-03", "- New."), "1.10.0", []],
  ["not three numbers", changelog("", "## [1.10.0] - 2026-02-03", "- New."), "1.10.0-beta", [/three numbers/]],
  ["released before", changelog("", "## [1.9.0] - 2026-02-03", "- New."), "1.9.0", [/not newer than 1\.9\.0/]],
  [
    "no entry",
    changelog("", "## [1.10.1] - 2026-02-03", "- New."),
    "1.10.0",
    [/says nothing about 1\.10\.0: tell people under Unreleased/],
  ],
  ["no date", changelog("", "## [1.10.0]", "- New."), "1.10.0", [/no date/]],
  ["nothing said", changelog("", "## [1.10.0] - 2026-02-03", ""), "1.10.0", [/says nothing/]],
  ["unreleased left", changelog("- Later.", "## [1.10.0] - 2026-02-03", "- New."), "1.10.0", [/Unreleased/]],
] as const) {
  test(`a changelog for release: ${name}`, () => {
    const found = releaseProblems(text, version, ["1.2.0", "1.9.0"]);
    assert.equal(found.length, problems.length, found.join("\n"));
    for (const [at, problem] of problems.entries()) assert.match(found[at]!, problem);
  });
}

test("our own changelog can be read", () => {
  const text = fs.readFileSync(path.resolve(import.meta.dirname, "../../../CHANGELOG.md"), "utf8");
  assert.equal(readChangelog(text)[0]?.version, "Unreleased");
});
