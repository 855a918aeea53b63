/**
 * A reporter for `node --test` that is quiet about what passes: failures in full, and what tests print. The counts go as
 * JSON to the file that `VOD_JOBS_COUNTS` names, or are said.
 */
import fs from "node:fs";
import path from "node:path";
import { inspect } from "node:util";
import { inWords } from "./tools.mjs";

/**
 * @param {AsyncIterable<import("node:test/reporters").TestEvent>} events
 * @returns {AsyncGenerator<string>}
 */
export default async function* report(events) {
  /** @type {Map<string | undefined, string[]>} by file, the names from the outermost suite to where it stands now */
  const titles = new Map();
  let withoutTests = 0;
  for await (const { type, data } of events) {
    if (type === "test:start") {
      titles.set(data.file, [...(titles.get(data.file) ?? []).slice(0, data.nesting), data.name]);
    } else if (type === "test:fail" && isOwnFailure(data)) {
      const title = (titles.get(data.file) ?? [data.name]).slice(0, data.nesting + 1).join(" › ");
      const place = data.file ? `${path.relative(process.cwd(), data.file)}:${data.line ?? 1}` : "";
      yield `\n✖ ${title}\n  ${place}\n${shown(data.details.error.cause ?? data.details.error)}\n\n`;
    } else if (type === "test:pass" && data.file === path.resolve(data.name)) {
      withoutTests++; // the runner counts a file in which no test was chosen as one that passed
    } else if (type === "test:stdout" || type === "test:stderr") {
      yield data.message;
    } else if (type === "test:summary" && data.file === undefined) {
      const { passed, failed, cancelled, skipped, todo } = /** @type {typeof data.counts & { failed: number }} */ (
        data.counts
      );
      const counts = { passed: passed - withoutTests, failed: failed + cancelled, skipped: skipped + todo };
      if (process.env.VOD_JOBS_COUNTS) fs.writeFileSync(process.env.VOD_JOBS_COUNTS, JSON.stringify(counts));
      else yield `${inWords(counts)} (${(data.duration_ms / 1000).toFixed(1)} s)\n`;
    }
  }
}

/**
 * Whether a test failed by itself: a suite around a failed test has nothing to add, and an expected failure is none.
 * @param {import("node:test").EventData.TestFail} data
 */
function isOwnFailure(data) {
  const { failureType } = /** @type {Error & { failureType?: string }} */ (data.details.error);
  return data.todo === undefined && failureType !== "subtestsFailed";
}

/**
 * @param {unknown} error
 * @returns {string} all that it tells, without the test runner's own stack lines
 */
function shown(error) {
  const lines = inspect(error, { depth: 8 }).split("\n");
  return lines.flatMap((line) => (/^\s+at .*node:internal\//.test(line) ? [] : `  ${line}`)).join("\n");
}
