import type { DemoJob } from "./job.ts";
import { type Drawing, hour, type Simple, shares, simpleJob, type WorkflowOutline, workflowTask } from "./outline.ts";
import { course } from "./player.ts";
import * as workflows from "./workflows.ts";

/** What moves while a person watches: seconds to minutes, to every kind of end. */
export function liveJobs(draw: Drawing): DemoJob[] {
  const { startedAt } = draw;
  const simple = (type: Simple, name: string, title: string, ago: number, seconds: number, end: string, more = {}) =>
    simpleJob(draw, type, {
      name,
      title,
      tracked: true,
      course: course(startedAt - ago * 1000, seconds, end, shares[type]),
      ...more,
    });
  const task = ({ ago, ...outline }: Omit<WorkflowOutline, "createdAt"> & { ago: number }) =>
    workflowTask(draw, { tracked: true, createdAt: startedAt - ago * 1000, ...outline });
  return [
    simple("transcode", "live/transcode-20s", "Teaser 15 s.mp4", 2, 20, "TranscodeSuccess", { definition: "LD" }),
    simple("transcode", "live/transcode-90s", "Trailer 4K.mp4", 25, 90, "TranscodeSuccess", { definition: "4K" }),
    simple("transcode", "live/transcode-6min", "Episode 3.mov", 70, 360, "TranscodeSuccess", { definition: "HD" }),
    simple("transcode", "live/transcode-failing", "Corrupt upload.mov", 5, 45, "TranscodeFail"),
    simple("transcode", "live/transcode-canceled", "Wrong cut.mp4", 10, 70, "TranscodeCancelled"),
    simple("snapshot", "live/snapshot", "Episode 3.mov", 1, 12, "Success"),
    simple("ai", "live/ai-censor", "Trailer 4K.mp4", 15, 60, "success"),
    task({ name: "live/publish", title: "Keynote.mp4", ago: 20, workflow: "Publish", steps: workflows.publish }),
    task({
      name: "live/localize",
      title: "第3集 预告.mp4",
      ago: 45,
      workflow: "Localize",
      steps: workflows.localize,
      escaped: true,
    }),
    task({
      name: "live/archive-failing",
      title: "Tape 0417.mxf",
      ago: 15,
      workflow: "Archive",
      steps: workflows.archive,
      end: "Failed",
    }),
    task({
      name: "live/publish-canceled",
      title: "Keynote (draft).mp4",
      ago: 5,
      workflow: "Publish",
      steps: workflows.publish,
      cancelAfter: 75,
      end: "Canceled",
    }),
    task({
      name: "live/large",
      title: "Documentary, all chapters.mp4",
      ago: 60,
      workflow: "Chapters",
      steps: workflows.chapters(60, 4),
    }),
    workflowTask(draw, {
      name: "finished/small",
      title: "Interview.mp4",
      tracked: true,
      createdAt: startedAt - 2 * hour,
      workflow: "All_Activity_New_1",
      steps: workflows.small,
      escaped: true,
    }),
  ];
}
