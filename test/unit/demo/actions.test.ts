import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Account, perform } from "../../../src/demo/actions.ts";
import { demoCatalogue, exists } from "../../../src/demo/catalogue.ts";
import type { DemoJob, JsonObject } from "../../../src/demo/job.ts";

const startedAt = Date.UTC(2025, 2, 27, 12);
const catalogue = demoCatalogue({ startedAt });
const named = (name: string) => catalogue.find((job) => job.name === name) as DemoJob;

function account(now: number): Account {
  const jobs = catalogue.filter((job) => exists(job, now));
  return { now, find: (type, id) => jobs.find((job) => job.type === type && job.id === id), jobs: () => jobs };
}

function ask(action: string, parameters: Record<string, string>, now = startedAt): JsonObject {
  const answer = perform(action, "2017-03-21", new Map(Object.entries(parameters)), account(now));
  assert.ok(typeof answer === "object");
  return JSON.parse(JSON.stringify(answer));
}

describe("demo ListJobInfo", () => {
  it("lists the jobs of a medium and type, the newest first", () => {
    const mediaId = named("live/transcode-90s").mediaId as string;
    const { MediaId, JobType, JobInfoList, ...rest } = ask("ListJobInfo", { MediaId: mediaId, JobType: "transcode" });
    assert.deepEqual([MediaId, JobType, rest], [mediaId, "transcode", {}]);
    const jobs = JobInfoList as { JobId: string; Status: string; CreateTime: string; CompleteTime?: string }[];
    assert.ok(jobs.length >= 13);
    assert.ok(jobs.some(({ JobId, Status }) => JobId === named("live/transcode-90s").id && Status === "Transcoding"));
    const times = jobs.map((job) => job.CreateTime);
    assert.deepEqual(times, times.toSorted().reverse());
    for (const job of jobs) {
      const { JobId, Status, CompleteTime } = job;
      assert.equal(CompleteTime !== undefined, Status !== "Transcoding" && Status !== "Submitted", JobId);
      assert.equal("UserId" in job, true);
    }
    const [ai] = ask("ListJobInfo", { MediaId: mediaId, JobType: "ai" }).JobInfoList as JsonObject[];
    assert.equal(ai?.JobId, named("live/ai-censor").id);
  });

  it("tells of no jobs for an unknown medium and refuses workflow tasks", () => {
    assert.deepEqual(ask("ListJobInfo", { MediaId: "0".repeat(32), JobType: "ai" }).JobInfoList, []);
    const workflow = { MediaId: "0".repeat(32), JobType: "workflow" };
    assert.throws(() => ask("ListJobInfo", workflow), { code: "InvalidParameter" });
    assert.throws(() => ask("ListJobInfo", { JobType: "ai" }), { code: "MissingParameter" });
  });
});

describe("demo GetTranscodeTask", () => {
  const failing = named("live/transcode-failing");
  const running = named("live/transcode-6min");
  const canceled = named("transcode/TranscodeCancelled");

  it("tells progress while a job runs, an output when it succeeded, an error when it failed", () => {
    const ids = [running.id, failing.id, "f".repeat(32), canceled.id].join(",");
    const during = ask("GetTranscodeTask", { JobIds: ids });
    assert.deepEqual(during.NonExistJobIds, ["f".repeat(32)]);
    const [first, second, third] = during.TranscodeJobInfoList as JsonObject[];
    assert.deepEqual([first?.TranscodeJobId, first?.TranscodeJobStatus], [running.id, "Transcoding"]);
    assert.equal(first?.TranscodeProgress, 19, "70 of 360 s");
    assert.equal(first?.OutputFile, undefined);
    assert.equal(second?.ErrorCode, undefined);
    assert.equal(third?.TranscodeJobStatus, "TranscodeCancelled");
    const [done, failed] = ask("GetTranscodeTask", { JobIds: ids }, startedAt + 3_600_000)
      .TranscodeJobInfoList as JsonObject[];
    assert.deepEqual([done?.TranscodeJobStatus, done?.TranscodeProgress], ["TranscodeSuccess", 100]);
    const { Width, Height } = (done as Record<string, Record<string, string>>).OutputFile as Record<string, string>;
    assert.deepEqual([Width, Height], ["1920", "1080"]);
    assert.deepEqual([failed?.TranscodeJobStatus, failed?.OutputFile], ["TranscodeFail", undefined]);
    assert.equal(failed?.ErrorCode, "InvalidParameter.ResourceContentBad");
    assert.ok(String(failed?.ErrorMessage).length > 10);
    assert.equal(failed?.TranscodeProgress, 99, "a failed job never reaches 100");
  });

  it("tells a whole task by its id", () => {
    const TranscodeTaskId = running.transcode?.taskId as string;
    const { TranscodeTask, ...rest } = ask("GetTranscodeTask", { TranscodeTaskId });
    assert.deepEqual(rest, {});
    const { VideoId, TaskStatus, TranscodeJobInfoList, CompleteTime } = TranscodeTask as JsonObject;
    assert.deepEqual([VideoId, TaskStatus, CompleteTime], [running.mediaId, "Partial", undefined]);
    assert.ok((TranscodeJobInfoList as JsonObject[]).some((info) => info.TranscodeJobId === running.id));
    assert.throws(() => ask("GetTranscodeTask", { TranscodeTaskId: "none" }), { code: "NoSuchResource" });
  });

  it("sums a task up from its jobs", () => {
    const info = (status: string): DemoJob => ({
      name: status,
      type: "transcode",
      id: status,
      title: "",
      tracked: false,
      answer: () => ({}),
      transcode: { taskId: "task", info: () => ({ TranscodeJobStatus: status, CompleteTime: status }) },
    });
    const statusOf = (...statuses: string[]) => {
      const of = { now: 0, find: () => undefined, jobs: () => statuses.map(info) };
      const answer = perform("GetTranscodeTask", "2017-03-21", new Map([["TranscodeTaskId", "task"]]), of);
      return ((answer as JsonObject).TranscodeTask as JsonObject).TaskStatus;
    };
    assert.equal(statusOf("Transcoding", "Transcoding"), "Processing");
    assert.equal(statusOf("Transcoding", "TranscodeFail"), "Partial");
    assert.equal(statusOf("TranscodeSuccess", "TranscodeSuccess"), "CompleteAllSucc");
    assert.equal(statusOf("TranscodeFail", "TranscodeCancelled"), "CompleteAllFail");
    assert.equal(statusOf("TranscodeFail", "TranscodeSuccess"), "CompletePartialSucc");
  });

  it("takes one to ten ids", () => {
    const ten = Array.from({ length: 10 }, (_, index) => `job${index}`);
    assert.deepEqual(ask("GetTranscodeTask", { JobIds: ten.join(",") }).NonExistJobIds, ten);
    for (const JobIds of [[...ten, "more"].join(","), "a,,b", ","]) {
      assert.throws(() => ask("GetTranscodeTask", { JobIds }), { code: "InvalidParameter" });
    }
    assert.throws(() => ask("GetTranscodeTask", {}), { code: "MissingParameter" });
  });
});
