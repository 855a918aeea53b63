import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readJobAnswer } from "../../../src/vod/answer.ts";
import { VodError } from "../../../src/vod/errors.ts";
import { phaseOf } from "../../../src/vod/phase.ts";
import { type JobType, jobTypes } from "../../../src/vod/types.ts";

const sample = readFileSync(new URL("../../fixtures/get-job-detail.json", import.meta.url), "utf8");

const kind = (expected: string) => (error: unknown) => error instanceof VodError && error.kind === expected;

describe("the sample of the GetJobDetail page", () => {
  const requestId = "6708D849-F109-1A6C-AC91-************";

  it("reads every field of a transcode job", () => {
    assert.deepEqual(readJobAnswer(sample, "transcode"), {
      requestId,
      raw: sample,
      detail: {
        type: "transcode",
        id: "2dc1634e**********3f1d22d1a0174e",
        status: "TranscodeSuccess",
        phase: "succeeded",
        createdAt: Date.UTC(2024, 9, 14, 7, 39, 25),
        finishedAt: Date.UTC(2024, 9, 14, 7, 39, 34),
        userId: "0",
        videoId: "30e5d7**********bd900764de7c0102",
        templateId: "dbfaaec9e**********bf0b81219244c",
        definition: "HD",
      },
    });
  });

  it("reads every field of a snapshot job", () => {
    assert.deepEqual(readJobAnswer(sample, "snapshot").detail, {
      type: "snapshot",
      id: "63df12s0**********4hdq249t82kr91",
      status: "Success",
      phase: "succeeded",
      createdAt: Date.UTC(2024, 9, 14, 7, 39, 25),
      finishedAt: Date.UTC(2024, 9, 14, 7, 39, 45),
      userId: "0",
      videoId: "30e5d7**********bd900764de7c0102",
      trigger: "Auto",
      normalConfig: '{"inl":0,"num":32,"tm":5,"wd":"352","ft":"normal","hg":"640"}',
      spriteConfig: '{"pad":"0","lines":"10","mgin":"0","cols":"10","ikcp":"false","hg":"68"}',
    });
  });

  it("reads every field of an AI job, whose end has a newline behind it", () => {
    assert.deepEqual(readJobAnswer(sample, "ai").detail, {
      type: "ai",
      id: "5c9dff751ba**********59d50a967f5",
      status: "success",
      phase: "succeeded",
      createdAt: Date.UTC(2024, 9, 14, 7, 39, 25),
      finishedAt: Date.UTC(2024, 9, 14, 7, 39, 46),
      userId: "0",
      mediaId: "30e5d7**********bd900764de7c0102",
      aiType: "AIVideoCensor",
      trigger: "Auto",
      templateConfig:
        '{"AuditRange":["video","image-cover","text-title"],"AuditContent":["screen"],"AuditItem":["terrorism","porn"],"AuditAutoBlock":"no"}',
    });
  });

  it("reads every field of a workflow task, its JSON texts as they came", () => {
    const { detail } = readJobAnswer(sample, "workflow");
    assert.equal(detail.type, "workflow");
    const branch = JSON.parse(sample).WorkflowTaskDetail;
    assert.deepEqual(detail, {
      type: "workflow",
      id: "46ecc024******92c8e26237e51",
      status: "Succeed",
      phase: "succeeded",
      createdAt: Date.UTC(2025, 2, 27, 8, 15, 46),
      finishedAt: Date.UTC(2025, 2, 27, 8, 20, 19),
      taskInput: branch.TaskInput,
      activityResults: branch.ActivityResults,
      userData: branch.UserData,
      workflow: {
        workflowId: "vw_09d6*****b5c5b19a0c891e02",
        name: "All_Activity_New_1_app-1000000",
        status: "Active",
        type: undefined,
        createdAt: Date.UTC(2025, 2, 26, 5, 50, 14),
        modifiedAt: Date.UTC(2025, 2, 26, 7, 51, 55),
        appId: "app-1000000",
      },
    });
    assert.match(branch.ActivityResults, /^\{\\"VodSnapshot_123\\"/);
  });
});

describe("lenient reading", () => {
  const branchOf: Record<JobType, string> = {
    transcode: "TranscodeJobDetail",
    snapshot: "SnapshotJobDetail",
    ai: "AIJobDetail",
    workflow: "WorkflowTaskDetail",
  };

  it("keeps all digits of a 64-bit user id", () => {
    const raw = '{"RequestId":"1","TranscodeJobDetail":{"JobId":"a","UserId":1391093456789012345}}';
    const { detail } = readJobAnswer(raw, "transcode");
    assert.equal(detail.type === "transcode" && detail.userId, "1391093456789012345");
  });

  for (const type of jobTypes) {
    it(`says that there is no ${type} job when its branch is absent, null, empty or no object`, () => {
      const others = Object.entries(branchOf).filter(([other]) => other !== type);
      const rest = Object.fromEntries(others.map(([, branch]) => [branch, { JobId: "1", Status: "Success" }]));
      for (const branch of [undefined, null, {}, [], "x", 1]) {
        const raw = JSON.stringify({ RequestId: "R", JobType: type, ...rest, [branchOf[type]]: branch });
        assert.throws(
          () => readJobAnswer(raw, type),
          (error: VodError) => kind("not-found")(error) && error.requestId === "R" && error.code === "NoSuchJobOfType",
        );
      }
    });

    it(`reads a ${type} job of which only an unknown status is known`, () => {
      const { detail } = readJobAnswer(JSON.stringify({ [branchOf[type]]: { Status: "Paused" } }), type);
      assert.equal(detail.status, "Paused");
      assert.equal(detail.phase, "unknown");
      assert.equal(detail.id, "");
      assert.equal(detail.createdAt, undefined);
    });
  }

  it("never throws anything but a VodError, whatever the fields hold", () => {
    const field = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom("2025-03-27T08:15:46Z", "Success", 12345678901234567n),
    );
    const names = [
      "JobId",
      "TaskId",
      "UserId",
      "VideoId",
      "Status",
      "CreateTime",
      "FinishTime",
      "Workflow",
      "TaskInput",
      "ActivityResults",
    ];
    const branch = fc.dictionary(fc.constantFrom(...names), field);
    const write = (value: unknown) => JSON.stringify(value, (_, v) => (typeof v === "bigint" ? String(v) : v));
    fc.assert(
      fc.property(fc.constantFrom(...jobTypes), branch, (type, fields) => {
        const raw = write({ RequestId: 1, [branchOf[type]]: fields });
        try {
          const { detail } = readJobAnswer(raw, type);
          for (const [name, value] of Object.entries(detail)) {
            if (value === undefined || name === "workflow") continue;
            assert.ok(name.endsWith("At") ? Number.isFinite(value) : typeof value === "string", name);
          }
        } catch (error) {
          assert.ok(Object.keys(fields).length === 0 && kind("not-found")(error), String(error));
        }
      }),
    );
  });

  it("calls what is no JSON object malformed", () => {
    for (const raw of ["", "[]", "null", '"x"', "1", '{"TranscodeJobDetail":', "<html></html>"]) {
      assert.throws(() => readJobAnswer(raw, "transcode"), kind("malformed"), raw);
    }
  });

  it("survives an answer nested a hundred thousand deep", () => {
    const deep = `{"UserId":12345678901234567,"TranscodeJobDetail":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    assert.throws(() => readJobAnswer(deep, "transcode"), VodError);
  });
});

describe("phaseOf", () => {
  const words: Record<JobType, Record<string, string>> = {
    transcode: {
      Submitted: "waiting",
      Transcoding: "running",
      TranscodeSuccess: "succeeded",
      TranscodeFail: "failed",
      TranscodeCancelled: "canceled",
    },
    snapshot: { Processing: "running", Fail: "failed", Success: "succeeded" },
    ai: {
      reserved: "waiting",
      init: "running",
      success: "succeeded",
      fail: "failed",
      processing: "running",
      analyzing: "running",
      analysing: "running",
    },
    workflow: {
      Init: "running",
      Processing: "running",
      Succeed: "succeeded",
      Failed: "failed",
      Canceled: "canceled",
      Skip: "skipped",
    },
  };

  for (const type of jobTypes) {
    it(`knows every documented word of ${type} jobs, in any case`, () => {
      for (const [word, phase] of Object.entries(words[type])) {
        for (const spelled of [word, word.toLowerCase(), word.toUpperCase(), ` ${word}\n`]) {
          assert.equal(phaseOf(type, spelled), phase, `${type} ${JSON.stringify(spelled)}`);
        }
      }
    });
  }

  it("guesses nothing: words of other types and of nobody are unknown", () => {
    assert.equal(phaseOf("transcode", "Success"), "unknown");
    assert.equal(phaseOf("workflow", "Succeeding"), "unknown");
    for (const word of ["", "constructor", "toString", "__proto__"]) assert.equal(phaseOf("ai", word), "unknown");
  });
});
