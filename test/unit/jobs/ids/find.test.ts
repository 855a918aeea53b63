import assert from "node:assert/strict";
import { test } from "node:test";
import { cleanId, findJobIds, idProblem, onlyId, typesToTry } from "../../../../src/jobs/ids/find.ts";

const a = "5c9dff751ba0f3d1e2c34b59d50a967f";
const b = "2dc1634e0f3d1e2c34b59d503f1d22d1";

test("a pasted id loses what came along with it", () => {
  for (const pasted of [a, ` ${a}\n`, `"${a}"`, `'${a}',`, `“${a}”`, `"JobId": "${a}"`, `JobId=${a}`, `(${a})`])
    assert.equal(cleanId(pasted), a, pasted);
  assert.equal(cleanId('"46ecc024******92c8e26237e51"'), "46ecc024******92c8e26237e51");
});

test("an id is refused only for what cannot be an id", () => {
  assert.equal(idProblem(""), "empty");
  assert.equal(idProblem("a b"), "spaces");
  assert.equal(idProblem("a\u202eb"), "spaces");
  assert.equal(idProblem("a\ud800"), "spaces", "half of a character has no place in an address");
  assert.equal(idProblem("x".repeat(257)), "long");
  assert.equal(idProblem("2dc1634e**********3f1d22d1a0174e"), undefined);
});

test("the only id of a clipboard is taken, of several none", () => {
  assert.equal(onlyId(`see job ${a} please`), a);
  assert.equal(onlyId(`${a} and ${a}`), a);
  assert.equal(onlyId(`${a} ${b}`), undefined);
  assert.equal(onlyId("hello"), undefined);
});

test("the key, the API or the event near an id tells its type", () => {
  const type = (text: string) => findJobIds(text)[0]?.type;
  assert.equal(type(`{"TaskId":"${a}"}`), "workflow");
  assert.equal(type(`SubmitTranscodeJobs -> {"TranscodeJobs":{"TranscodeJob":[{"JobId":"${a}"}]}}`), "transcode");
  assert.equal(type(`{"SnapshotJob":{"JobId":"${a}"}}`), "snapshot");
  assert.equal(type(`AIJobList.AIJob[0].JobId = '${a}'`), "ai");
  assert.equal(type(`const aiJobId = "${a}";`), "ai");
  assert.equal(type(`snapshot_job_id: ${a}`), "snapshot");
  assert.equal(type(`WorkflowTaskComplete for ${a}`), "workflow");
  assert.equal(type(`"EventType":"AIMediaAuditComplete","JobId":"${a}"`), "ai");
  assert.equal(type(`${a}`), undefined);
  assert.equal(type(`email main said ${a}`), undefined, "'ai' inside a word is no AI job");
});

test("the nearest name before an id wins", () => {
  const text = `SubmitTranscodeJobs JobId=${a}\nSubmitSnapshotJob JobId=${b}`;
  assert.deepEqual(
    findJobIds(text).map((one) => one.type),
    ["transcode", "snapshot"],
  );
});

test("ids of other things are left alone", () => {
  for (const text of [
    `"VideoId":"${a}"`,
    `"MediaId": "${a}"`,
    `RequestId=${a}`,
    `"ActivityInstanceId":"${a}"`,
    `md5: ${a}`,
    `${a}0`,
    `x${a}`,
    `_${a}`,
  ])
    assert.deepEqual(findJobIds(text), [], text);
});

test("a tracked id is found in any form and under any key", () => {
  const odd = "2dc1634e**********3f1d22d1a0174e";
  assert.deepEqual(
    findJobIds(`id ${odd}, ${odd}`, [odd]).map((one) => [one.start, one.because]),
    [
      [3, "known"],
      [37, "known"],
    ],
  );
  assert.equal(findJobIds(`"VideoId":"${a}"`, [a])[0]?.because, "known");
});

test("column 0, quotes, a URL and two on a line", () => {
  assert.equal(findJobIds(a)[0]?.start, 0);
  assert.equal(findJobIds(`https://x.example/?jobId=${a}&y=1`).length, 1);
  assert.equal(findJobIds(`${a} ${b}`).length, 2);
});

test("finding out asks the hinted type first and every type once", () => {
  assert.deepEqual(typesToTry("ai"), ["ai", "transcode", "workflow", "snapshot"]);
  assert.equal(new Set(typesToTry()).size, 4);
});
