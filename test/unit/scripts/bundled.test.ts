import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import * as esbuild from "esbuild";
import { leanPackages } from "../../../scripts/leanPackages.mjs";

const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "vod-jobs-bundled-"));
after(() => fs.rmSync(temporary, { recursive: true, force: true }));

/** Tests of what uses packages of which parts are left out, with the modules of more than 19 KB that stay. */
const tests = [
  { name: "transport", large: ["llhttp-wasm.js"] },
  { name: "credentials", large: [] },
];

for (const { name, large } of tests) {
  test(`${name}: its tests pass also as it ships, with parts of packages left out`, async () => {
    const source = path.resolve(import.meta.dirname, `../vod/${name}.test.ts`);
    const bundle = path.join(temporary, `${name}.test.cjs`);
    const { metafile } = await esbuild.build({
      entryPoints: [source],
      outfile: bundle,
      bundle: true,
      define: { "import.meta.url": JSON.stringify(pathToFileURL(source).href), ...leanPackages.define },
      format: "cjs",
      logLevel: "warning",
      metafile: true,
      minify: true,
      platform: "node",
      plugins: [leanPackages.plugin],
      target: "node22.19",
    });
    const inputs = Object.entries(Object.values(metafile.outputs)[0]?.inputs ?? {});
    const found = inputs.filter(([file, one]) => file.includes("node_modules") && one.bytesInOutput > 19_000);
    assert.deepEqual(
      found.map(([file]) => path.basename(file)),
      large,
    );
    const printing = inputs.filter(([file]) => /debug\/src\/(node|browser)/.test(file));
    assert.deepEqual(printing, [], "what prints answers that hold keys");
    const { failed, output } = await runTests(bundle);
    assert.equal(failed, false, output);
    assert.match(output, /^# pass [1-9]\d+$/m);
  });
}

function runTests(file: string): Promise<{ failed: boolean; output: string }> {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env; // else the runner believes to be this one's child
  return new Promise((resolve) => {
    execFile(process.execPath, ["--test", "--test-reporter=tap", file], { env, maxBuffer: 2 ** 26 }, (error, stdout) =>
      resolve({ failed: error !== null, output: stdout }),
    );
  });
}
