import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { perform } from "../../../src/demo/actions.ts";
import { demoCatalogue, demoJobs, exists, summaries } from "../../../src/demo/catalogue.ts";
import { startEndpoint } from "../../../src/demo/endpoint.ts";
import type { DemoJob, JsonObject } from "../../../src/demo/job.ts";
import { sampleAnswer, sampleIds } from "../../../src/demo/sample.ts";
import { jobTypes } from "../../../src/vod/types.ts";
import { call } from "./client.ts";

const startedAt = Date.UTC(2025, 2, 27, 12);
const catalogue = demoCatalogue({ startedAt, activities: 200 });
const named = (name: string) => {
  const job = catalogue.find((one) => one.name === name);
  assert.ok(job, name);
  return job;
};
const detailOf = (job: DemoJob, now: number) => {
  const answer = job.answer(now);
  assert.ok(typeof answer === "object");
  return answer;
};

/** Embedded JSON, whether it is plain or escaped once too often. */
function embedded(text: unknown): Record<string, JsonObject> {
  assert.ok(typeof text === "string");
  return JSON.parse(text.startsWith('{\\"') ? JSON.parse(`"${text}"`) : text);
}

describe("demo catalogue", () => {
  it("is the same for the same seed and start, and another for another seed", () => {
    const later = startedAt + 90_000;
    const told = (seed: string) => {
      const jobs = demoCatalogue({ seed, startedAt, activities: 200 });
      return jobs.filter((job) => exists(job, later)).map((job) => [job.name, job.type, job.id, job.answer(later)]);
    };
    assert.deepEqual(told("one"), told("one"));
    const ids = (seed: string) => demoCatalogue({ seed, startedAt }).map((job) => job.id);
    const shared = new Set(ids("one"));
    assert.deepEqual(
      ids("two").filter((id) => shared.has(id)),
      Object.values(sampleIds),
    );
  });

  it("keeps ids when it is opened at another time", () => {
    const ids = (at: number) => demoJobs({ startedAt: at }).map(({ name, id }) => `${name} ${id}`);
    assert.deepEqual(ids(startedAt), ids(startedAt + 86_400_000));
  });

  it("names every job once, with ids as the service makes them", () => {
    assert.equal(new Set(catalogue.map((job) => job.name)).size, catalogue.length);
    assert.equal(new Set(catalogue.map((job) => `${job.type}/${job.id}`)).size, catalogue.length);
    for (const { name, id } of catalogue) if (!name.startsWith("sample/")) assert.match(id, /^[0-9a-f]{32}$/);
  });

  it("answers the page's example byte for byte, for each of its four ids", async (t) => {
    const hash = createHash("sha256").update(sampleAnswer).digest("hex");
    assert.equal(hash, "5b892ef67ac16e1c6595132c9ae0b8b1a1d81a4e8872a9a55e88cb9982d00b36", "as on the page");
    const endpoint = await startEndpoint();
    t.after(() => endpoint.close());
    for (const [JobType, JobId] of Object.entries(sampleIds)) {
      const { status, text } = await call(endpoint, { JobId, JobType });
      assert.equal(status, 200);
      assert.equal(text, sampleAnswer);
    }
  });

  it("has every status that the page documents", () => {
    const documented = {
      transcode: ["Submitted", "Transcoding", "TranscodeSuccess", "TranscodeFail", "TranscodeCancelled"],
      snapshot: ["Processing", "Fail", "Success"],
      ai: ["reserved", "init", "success", "fail", "processing", "analyzing"],
      workflow: ["Init", "Processing", "Succeed", "Failed", "Canceled", "Skip"],
    };
    for (const type of jobTypes) {
      for (const status of documented[type]) {
        const job = named(`${type}/${status}`);
        assert.equal(job.type, type);
        for (const later of [0, 3_600_000]) assert.equal(detailOf(job, startedAt + later).Status, status);
      }
    }
    const workflowStatuses = catalogue
      .filter((job) => job.type === "workflow" && job.name.startsWith("workflow/"))
      .map((job) => (detailOf(job, startedAt).Workflow as JsonObject).Status);
    assert.deepEqual([...new Set(workflowStatuses)].sort(), ["Active", "Deleted", "Inactive"]);
  });

  it("gives valid JSON with all documented fields, for every job and at any time", () => {
    const fields = {
      transcode: ["JobId", "UserId", "VideoId", "Status", "TemplateId", "Definition", "CreateTime"],
      snapshot: ["JobId", "UserId", "VideoId", "Status", "Trigger", "NormalConfig", "SpriteConfig", "CreateTime"],
      ai: ["JobId", "UserId", "MediaId", "JobType", "Status", "Trigger", "TemplateConfig", "CreateTime"],
      workflow: ["TaskId", "Status", "TaskInput", "CreateTime", "ActivityResults", "UserData", "Workflow"],
    };
    for (const after of [0, 60_000, 86_400_000]) {
      for (const job of catalogue.filter((one) => exists(one, startedAt + after) && !one.name.startsWith("sample/"))) {
        const detail = JSON.parse(JSON.stringify(job.answer(startedAt + after)));
        for (const field of fields[job.type]) assert.ok(field in detail, `${job.name} has ${field}`);
        assert.match(detail.CreateTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
        for (const config of ["NormalConfig", "SpriteConfig", "TemplateConfig", "UserData"]) {
          if (config in detail) JSON.parse(detail[config]);
        }
        if (job.type !== "workflow") continue;
        assert.equal(embedded(detail.TaskInput).Title, job.title);
        for (const { Result } of Object.values(embedded(detail.ActivityResults))) {
          if (typeof Result === "string") JSON.parse(Result);
        }
      }
    }
  });

  it("writes the owner's id as a number past 2^53, and only that", async (t) => {
    const endpoint = await startEndpoint({ startedAt, now: () => startedAt, limits: { perSecond: null } });
    t.after(() => endpoint.close());
    const ask = async ({ type, id }: DemoJob) =>
      (await call(endpoint, { JobId: id, JobType: type }, { date: startedAt })).text;
    assert.match(await ask(named("transcode/Submitted")), /"UserId":7205759403792793601,"VideoId"/);
    const workflow = await ask(named("odd/plain-json"));
    assert.ok(workflow.includes(String.raw`UserId\\\":\\\"7205759403792793601`), "embedded text stays as it is");
    JSON.parse(workflow);
  });

  it("shows a newcomer about a dozen jobs of all types, most of them on their way", () => {
    const tracked = demoJobs({ startedAt }).filter((job) => job.tracked);
    assert.ok(tracked.length >= 10 && tracked.length <= 15);
    assert.deepEqual([...new Set(tracked.map((job) => job.type))].sort(), [...jobTypes].sort());
    const live = tracked.map(({ name }) => named(name));
    const status = (job: DemoJob, at: number) => detailOf(job, startedAt + at).Status;
    const moving = live.filter((job) => status(job, 0) !== status(job, 600_000));
    assert.ok(moving.length >= 10);
    const ends = new Set(moving.map((job) => status(job, 600_000)));
    for (const end of ["TranscodeSuccess", "TranscodeFail", "TranscodeCancelled", "Succeed", "Failed", "Canceled"]) {
      assert.ok(ends.has(end), end);
    }
    const minute = live.filter((job) => status(job, 0) !== status(job, 60_000));
    assert.ok(minute.length >= 4, "some of them end within the first minute");
  });

  it("calls a workflow a success although an activity failed", () => {
    for (const name of ["live/localize", "finished/small", "odd/plain-json"]) {
      const detail = detailOf(named(name), startedAt + 3_600_000);
      assert.equal(detail.Status, "Succeed");
      const activities = Object.values(embedded(detail.ActivityResults));
      assert.ok(activities.some((one) => one.Status === "Failed" && String(one.Result).includes('"Success":false')));
    }
  });

  it("embeds JSON plainly and escaped once too often, and both say the same", () => {
    const escaped = detailOf(named("live/localize"), startedAt);
    assert.throws(() => JSON.parse(String(escaped.ActivityResults)));
    const plain = detailOf(named("odd/plain-json"), startedAt);
    const keys = (detail: JsonObject) => Object.keys(embedded(detail.ActivityResults)).sort();
    const later = detailOf(named("live/localize"), startedAt + 3_600_000);
    assert.deepEqual(keys(later), keys(plain));
    JSON.parse(String(plain.ActivityResults));
  });

  it("holds what no documentation promises", () => {
    const at = (name: string) => detailOf(named(name), startedAt);
    assert.equal(at("odd/unknown-status").Status, "TranscodePaused");
    assert.equal(at("odd/analysing").Status, "analysing");
    const noEnd = JSON.parse(JSON.stringify(at("odd/end-missing")));
    assert.deepEqual([noEnd.Status, "CompleteTime" in noEnd], ["TranscodeSuccess", false]);
    const noEnds = JSON.parse(JSON.stringify(at("odd/ends-missing")));
    assert.deepEqual([noEnds.Status, "FinishTime" in noEnds], ["Succeed", false]);
    const activities = Object.values(embedded(noEnds.ActivityResults));
    assert.ok(activities.every((one) => one.Status === "Succeed" && !("EndTime" in one)));
    const kinds = Object.values(embedded(at("odd/unheard-of").ActivityResults)).map((one) => one.ActivityId);
    assert.ok(kinds.includes("VodQuantumUpscale") && kinds.includes(""));
    assert.equal(exists(named("odd/forgotten"), startedAt), false);
    const hostile = Object.keys(embedded(at("odd/hostile").ActivityResults));
    assert.ok(hostile.includes("__proto__") && hostile.some((name) => name.includes("<img")));
  });

  it("starts an activity before its task and leaves out its end, as on the page", () => {
    const detail = detailOf(named("live/publish"), startedAt + 3_600_000);
    const { Act_Start } = embedded(detail.ActivityResults);
    assert.equal(Date.parse(String(detail.CreateTime)) - Date.parse(String(Act_Start?.StartTime)), 1000);
    assert.ok(Act_Start && !("EndTime" in Act_Start));
  });

  it("breaks the line after the CompleteTime of AI jobs, as on the page, and of no others", () => {
    const completed = (name: string) => detailOf(named(name), startedAt).CompleteTime;
    assert.match(String(completed("ai/success")), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\n$/);
    assert.match(String(completed("snapshot/Success")), /Z$/);
    assert.ok(!String(completed("transcode/TranscodeSuccess")).includes("\n"));
  });

  it("has large workflows that fan out and in", () => {
    const sizeOf = (name: string, jobs = catalogue) => {
      const job = jobs.find((one) => one.name === name);
      return Object.keys(embedded(detailOf(job as DemoJob, startedAt + 86_400_000).ActivityResults)).length;
    };
    assert.equal(sizeOf("live/large"), 60);
    assert.equal(sizeOf("odd/huge", demoCatalogue({ startedAt })), 10_000);
    for (const activities of [3, 8, 500]) {
      assert.equal(sizeOf("odd/huge", demoCatalogue({ startedAt, activities })), activities);
    }
  });

  it("has earlier runs to learn from, and new ones as time goes by", () => {
    const runs = (prefix: string, now: number) =>
      catalogue.filter((job) => job.name.startsWith(prefix) && exists(job, now));
    for (const prefix of ["runs/teaser", "runs/trailer", "runs/Publish", "runs/Localize"]) {
      assert.equal(runs(prefix, startedAt).length, 12);
      assert.ok(runs(prefix, startedAt + 3_600_000).length > 18);
    }
    const workflowId = (job: DemoJob) => (detailOf(job, startedAt).Workflow as JsonObject).WorkflowId;
    const publish = new Set([...runs("runs/Publish", startedAt), named("live/publish")].map(workflowId));
    assert.equal(publish.size, 1);
    assert.match(String([...publish][0]), /^vw_[0-9a-f]{29}$/);
    assert.equal(summaries(catalogue, startedAt + 3_600_000).length > summaries(catalogue, startedAt).length, true);
  });

  it("draws durations around the median of their template", () => {
    const seconds = Array.from({ length: 12 }, (_, seed) =>
      demoCatalogue({ seed: `${seed}`, startedAt, activities: 1 }),
    )
      .flatMap((jobs) => jobs.filter((job) => job.name.startsWith("runs/trailer/-")))
      .map((job) => detailOf(job, startedAt))
      .map((detail) => (Date.parse(String(detail.CompleteTime)) - Date.parse(String(detail.CreateTime))) / 1000)
      .sort((a, b) => a - b);
    const median = seconds[Math.floor(seconds.length / 2)] as number;
    assert.ok(Math.abs(Math.log(median / 90)) < 0.1, `median ${median}`);
    const share = seconds.filter((one) => Math.abs(Math.log(one / 90)) < 0.3).length / seconds.length;
    assert.ok(Math.abs(share - 0.68) < 0.08, `within one sigma: ${share}`);
  });

  it("forgets jobs after six months", () => {
    const job = named("transcode/TranscodeSuccess");
    const account = (now: number) => ({ now, find: () => (exists(job, now) ? job : undefined), jobs: () => [job] });
    const parameters = new Map([
      ["JobId", job.id],
      ["JobType", "transcode"],
    ]);
    const ask = (days: number) =>
      perform("GetJobDetail", "2017-03-21", parameters, account(startedAt + days * 86_400_000));
    assert.ok(ask(180));
    assert.throws(() => ask(184), { code: "NoSuchResource" });
  });
});
