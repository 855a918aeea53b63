import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { perform } from "../../../src/demo/activities.ts";
import { demoCatalogue, exists } from "../../../src/demo/catalogue.ts";
import type { DemoJob } from "../../../src/demo/job.ts";

const startedAt = Date.UTC(2025, 2, 27, 12);

/** The order in which the statuses of each type can follow each other; the ends come last and are never left. */
const ranks: Readonly<Record<DemoJob["type"], readonly string[]>> = {
  transcode: ["Submitted", "Transcoding"],
  snapshot: ["Processing"],
  ai: ["reserved", "init", "processing", "analyzing"],
  workflow: ["Init", "Processing"],
};
const rankOf = (type: DemoJob["type"], status: string) => {
  const rank = ranks[type].indexOf(status);
  return rank < 0 ? 99 : rank;
};

interface Seen {
  readonly status: string;
  readonly end?: string;
  readonly activities: Record<string, { StartTime: string; EndTime?: string; Status: string; Result?: unknown }>;
  readonly progress?: number;
}

function see(job: DemoJob, now: number): Seen {
  const detail = JSON.parse(JSON.stringify(job.answer(now)));
  const text = detail.ActivityResults ?? "{}";
  const activities = JSON.parse(text.startsWith('{\\"') ? JSON.parse(`"${text}"`) : text);
  const progress = job.transcode?.info(now).TranscodeProgress as number | undefined;
  return { status: detail.Status, end: detail.CompleteTime ?? detail.FinishTime, activities, progress };
}

/** Everything that must hold between an earlier and a later look at one job. */
function assertForward(job: DemoJob, before: Seen, after: Seen): void {
  const [from, to] = [rankOf(job.type, before.status), rankOf(job.type, after.status)];
  assert.ok(from <= to, `${job.name}: ${before.status} → ${after.status}`);
  if (from === 99) assert.deepEqual(after, before, `${job.name} has ended and stays as it is`);
  assert.ok((before.progress ?? 0) <= (after.progress ?? 0), `${job.name}: progress`);
  for (const [name, then] of Object.entries(before.activities)) {
    const now = after.activities[name];
    assert.ok(now, `${job.name}: ${name} vanished`);
    assert.equal(now.StartTime, then.StartTime);
    if (then.Status !== "Processing") assert.deepEqual(now, then, `${job.name}: ${name} had ended`);
  }
}

describe("demo jobs in time", () => {
  it("only ever move forward", () => {
    const moments = fc.array(fc.integer({ min: -60_000, max: 900_000 }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), moments, (seed, after) => {
        const sorted = after.map((ms) => startedAt + ms).sort((a, b) => a - b);
        for (const job of demoCatalogue({ seed, startedAt }).filter((one) => one.name.startsWith("live/"))) {
          const looks = sorted.filter((now) => exists(job, now)).map((now) => see(job, now));
          for (const [index, look] of looks.slice(1).entries()) assertForward(job, looks[index] as Seen, look);
        }
      }),
      { numRuns: 15 },
    );
  });

  it("end with all of their activities: at the reported moment, not before", () => {
    // Opened between two seconds: the times that are reported are whole ones, and they are true.
    const live = demoCatalogue({ startedAt: startedAt + 137 }).filter((one) => one.name.startsWith("live/"));
    for (const job of live) {
      const { status, end, activities } = see(job, startedAt + 3_600_000);
      assert.ok(end, `${job.name} ends`);
      assert.equal(rankOf(job.type, status), 99);
      const endedAt = Date.parse(end.trim());
      const ends = Object.values(activities).flatMap(({ EndTime }) => (EndTime ? [Date.parse(EndTime)] : []));
      if (ends.length > 0) assert.equal(Math.max(...ends), endedAt, job.name);
      assert.equal(see(job, endedAt).status, status, job.name);
      const justBefore = see(job, endedAt - 1);
      assert.notEqual(justBefore.status, status);
      assert.equal(justBefore.end, undefined);
    }
  });

  it("are canceled together with what runs, and start nothing more", () => {
    const [canceled] = demoCatalogue({ startedAt }).filter((one) => one.name === "live/publish-canceled");
    const { status, end, activities } = see(canceled as DemoJob, startedAt + 3_600_000);
    assert.equal(status, "Canceled");
    const entries = Object.values(activities);
    assert.ok(entries.some((one) => one.Status === "Canceled" && one.EndTime === end));
    assert.ok(entries.every((one) => one.StartTime < (end as string)));
    assert.ok(!("VodPackage_HLS" in activities));
    const late = see(canceled as DemoJob, Date.parse(end as string) - 1).activities;
    assert.deepEqual(Object.keys(late).sort(), Object.keys(activities).sort());
  });

  it("are canceled at exactly the moment given, whatever runs then", () => {
    const steps = [
      { name: "first", kind: "VodSplit", seconds: 10 },
      { name: "second", kind: "VodSplit", after: ["first"], seconds: 10 },
      { name: "third", kind: "VodSplit", after: ["second"], seconds: 10 },
    ];
    const canceledAfter = (cancelAfter: number) =>
      perform(steps, { seed: "", name: "", createdAt: startedAt, mediaId: "", title: "", sigma: 0, cancelAfter }).map(
        ({ name, end, endedAt }) => `${name} ${end} ${(endedAt - startedAt) / 1000}`,
      );
    assert.deepEqual(canceledAfter(10), ["first Succeed 10"]);
    assert.deepEqual(canceledAfter(15), ["first Succeed 10", "second Canceled 15"]);
  });

  it("run no activity before what it waits for, and nothing after a failure", () => {
    const [archive] = demoCatalogue({ startedAt }).filter((one) => one.name === "live/archive-failing");
    const { activities, status } = see(archive as DemoJob, startedAt + 3_600_000);
    assert.equal(status, "Failed");
    assert.deepEqual(Object.keys(activities).sort(), ["Act_Start", "VodSnapshot_Sheet", "VodTranscode_Master"]);
    const [publish] = demoCatalogue({ startedAt }).filter((one) => one.name === "live/publish");
    const { VodPackage_HLS, VodTranscode_HD, VodTranscode_FHD, VodTranscode_4K } = see(
      publish as DemoJob,
      startedAt + 3_600_000,
    ).activities;
    for (const before of [VodTranscode_HD, VodTranscode_FHD, VodTranscode_4K]) {
      assert.ok((before?.EndTime as string) <= (VodPackage_HLS?.StartTime as string));
    }
  });

  it("show activities that start and end one by one", () => {
    const [publish] = demoCatalogue({ startedAt }).filter((one) => one.name === "live/publish");
    const counts = Array.from({ length: 200 }, (_, second) => {
      const { activities } = see(publish as DemoJob, startedAt - 20_000 + second * 1000);
      const running = Object.values(activities).filter(({ Status }) => Status === "Processing");
      assert.ok(running.every((one) => one.EndTime === undefined && one.Result === undefined));
      return `${Object.keys(activities).length}/${running.length}`;
    });
    assert.ok(new Set(counts).size >= 12, `${new Set(counts).size} different pictures`);
  });
});
