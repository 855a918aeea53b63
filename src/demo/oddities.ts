import type { DemoJob } from "./job.ts";
import {
  type Drawing,
  day,
  hour,
  type Simple,
  shares,
  simpleJob,
  type WorkflowOutline,
  workflowTask,
} from "./outline.ts";
import { course, standstill } from "./player.ts";
import * as workflows from "./workflows.ts";

/** What no documentation promises and live data may hold all the same. */
export function oddities(draw: Drawing, activities: number): DemoJob[] {
  const { startedAt } = draw;
  const done = (type: Simple, end: string) => course(startedAt - 5 * hour, 150, end, shares[type]);
  const task = (outline: Omit<WorkflowOutline, "createdAt">) =>
    workflowTask(draw, { createdAt: startedAt - 4 * hour, ...outline });
  const title = "Livestream recording.flv";
  return [
    simpleJob(draw, "transcode", {
      name: "odd/unknown-status",
      title,
      course: standstill(startedAt - 20 * 60_000, "TranscodePaused"),
    }),
    simpleJob(draw, "transcode", {
      name: "odd/end-missing",
      title,
      course: done("transcode", "TranscodeSuccess"),
      endMissing: true,
    }),
    simpleJob(draw, "ai", {
      name: "odd/analysing", // the spelling of an SDK
      title,
      course: standstill(startedAt - 20 * 60_000, "analysing"),
      aiType: "AIVideoTag",
      trigger: "Manual",
    }),
    simpleJob(draw, "ai", { name: "odd/unknown-ai-type", title, course: done("ai", "success"), aiType: "AIMoodMap" }),
    simpleJob(draw, "snapshot", {
      name: "odd/manual-snapshot",
      title,
      course: done("snapshot", "Success"),
      trigger: "Manual",
    }),
    simpleJob(draw, "transcode", {
      name: "odd/forgotten", // older than six months: the service does not know it any more
      title: "Holiday party.avi",
      course: course(startedAt - 200 * day, 150, "TranscodeSuccess", shares.transcode),
    }),
    task({ name: "odd/plain-json", title, workflow: "Localize", steps: workflows.localize }),
    task({
      name: "odd/unheard-of",
      title,
      workflow: "Experiments",
      steps: workflows.unheardOf,
      end: "PartiallySucceed",
    }),
    task({
      name: "odd/ends-missing",
      title,
      workflow: "Publish",
      steps: workflows.endsMissing,
      endMissing: true,
      escaped: true,
    }),
    task({
      name: "odd/hostile",
      title: "<b>Not bold</b> $(trash)\u202Egpj.4pm",
      workflow: "Odd",
      steps: workflows.hostile,
    }),
    task({
      name: "odd/huge",
      title: "Every episode.mp4",
      workflow: "Chapters",
      steps: workflows.chapters(activities, 40),
    }),
  ];
}
