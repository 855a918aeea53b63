import type { DemoJob } from "./job.ts";
import { type Drawing, type Outline, type Simple, shares, simpleJob, workflowTask } from "./outline.ts";
import { course } from "./player.ts";
import * as workflows from "./workflows.ts";

/** A job that is run again and again: its name, its title and what stays the same in every run. */
interface Recurring extends Omit<Outline, "course"> {
  /** Seconds from one run to the next. */
  readonly period: number;
  /** Median duration in seconds, and how far the logarithms of durations spread about it. */
  readonly median: number;
  readonly sigma: number;
  /** The statuses at the end, each as likely as the others. */
  readonly ends: readonly string[];
}

const pastRuns = 12;
const comingRuns = 100;

/**
 * Runs of the same thing, one after the other: a dozen lie in the past, to learn from and compare with, and new ones
 * keep coming, so that there is something to find for hours.
 */
export function recurringJobs(draw: Drawing): DemoJob[] {
  const everyRun = (period: number, run: (index: number, createdAt: number) => DemoJob) =>
    Array.from({ length: pastRuns + comingRuns }, (_, at) => {
      const index = at - pastRuns + 1; // run 1 is the first to come, after half a period
      return run(index, draw.startedAt + (index - 0.5) * period * 1000);
    });
  const simple = (type: Simple, { period, median, sigma, ends, ...outline }: Recurring) =>
    everyRun(period, (index, createdAt) => {
      const name = `${outline.name}/${index}`;
      const random = draw.random(name);
      const seconds = Math.max(2, random.logNormal(median, sigma));
      return simpleJob(draw, type, {
        ...outline,
        name,
        course: course(createdAt, seconds, random.pick(ends), shares[type]),
      });
    });
  const task = (workflow: string, title: string, steps: workflows.Steps, period: number) =>
    everyRun(period, (index, createdAt) =>
      workflowTask(draw, { name: `runs/${workflow}/${index}`, title, createdAt, workflow, steps }),
    );
  const oneInFiveFails = [...Array<string>(4).fill("TranscodeSuccess"), "TranscodeFail"];
  return [
    ...simple("transcode", {
      name: "runs/teaser",
      title: "Teaser 15 s.mp4",
      definition: "LD",
      period: 60,
      median: 20,
      sigma: 0.2,
      ends: oneInFiveFails,
    }),
    ...simple("transcode", {
      name: "runs/trailer",
      title: "Trailer 4K.mp4",
      definition: "4K",
      period: 180,
      median: 90,
      sigma: 0.3,
      ends: oneInFiveFails,
    }),
    ...simple("transcode", {
      name: "runs/episode",
      title: "Episode 3.mov",
      definition: "HD",
      period: 480,
      median: 360,
      sigma: 0.3,
      ends: oneInFiveFails,
    }),
    ...simple("snapshot", {
      name: "runs/snapshot",
      title: "Episode 3.mov",
      period: 120,
      median: 12,
      sigma: 0.3,
      ends: ["Success"],
    }),
    ...simple("ai", {
      name: "runs/censor",
      title: "Trailer 4K.mp4",
      period: 150,
      median: 60,
      sigma: 0.4,
      ends: ["success", "success", "fail"],
    }),
    ...task("Publish", "Keynote.mp4", workflows.publish, 300),
    ...task("Localize", "第3集 预告.mp4", workflows.localizeWell, 420),
  ];
}
