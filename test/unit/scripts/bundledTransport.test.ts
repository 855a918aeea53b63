import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import * as esbuild from "esbuild";
import { leanUndici, leanUndiciDefines } from "../../../scripts/leanUndici.mjs";

const TESTS = path.resolve(import.meta.dirname, "../vod/transport.test.ts");
const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "vod-jobs-bundle-"));
after(() => fs.rmSync(temporary, { recursive: true, force: true }));

test("the transport passes its tests also as it ships: with parts of undici left out", async () => {
  const bundle = path.join(temporary, "transport.test.cjs");
  const { metafile } = await esbuild.build({
    entryPoints: [TESTS],
    outfile: bundle,
    bundle: true,
    define: { "import.meta.url": JSON.stringify(pathToFileURL(TESTS).href), ...leanUndiciDefines },
    format: "cjs",
    logLevel: "warning",
    metafile: true,
    minify: true,
    platform: "node",
    plugins: [leanUndici],
    target: "node22.19",
  });
  const inputs = Object.entries(Object.values(metafile.outputs)[0]?.inputs ?? {});
  const large = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 50_000);
  assert.deepEqual(
    large.map(([file]) => path.basename(file)),
    ["llhttp-wasm.js"],
    "one parser of four is left",
  );
  const { failed, output } = await runTests(bundle);
  assert.equal(failed, false, output);
  assert.match(output, /^# pass [1-9]\d+$/m);
});

function runTests(file: string): Promise<{ failed: boolean; output: string }> {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env; // else the runner believes to be this one's child
  return new Promise((resolve) => {
    execFile(process.execPath, ["--test", "--test-reporter=tap", file], { env, maxBuffer: 2 ** 26 }, (error, stdout) =>
      resolve({ failed: error !== null, output: stdout }),
    );
  });
}
