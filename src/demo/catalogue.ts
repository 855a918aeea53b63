import type { JobType } from "../vod/types.ts";
import { type DemoJob, homeRegion } from "./job.ts";
import { liveJobs } from "./live.ts";
import { oddities } from "./oddities.ts";
import { type Drawing, day, drawing, hour, shares, simpleJob } from "./outline.ts";
import { course } from "./player.ts";
import { sampleAnswer, sampleIds } from "./sample.ts";
import { recurringJobs } from "./series.ts";
import { documentedStatuses } from "./statuses.ts";

/**
 * What the demo account holds. Everything follows from the seed and the moment the account was opened: the same two
 * give the same jobs, ids, durations and answers in every window and after every restart.
 *
 * To add a scenario:
 * 1. Write a `DemoJob`, usually with `transcodeJob`, `snapshotJob`, `aiJob` or `workflowJob`, and put it into the group
 *    that it belongs to: `live.ts`, `statuses.ts`, `oddities.ts` or `series.ts`. A workflow is a list of steps in
 *    `workflows.ts`; results of a new kind of activity go into `activities.ts`. For an answer that no builder gives
 *    (damaged, hostile, enormous), return the body as text.
 * 2. Give it a new `name`: ids and durations are drawn from it, so those of other scenarios stay as they are.
 * 3. Set `tracked` only if a newcomer should see it at once; about a dozen are enough.
 * A single test needs no scenario here: it hands its own `DemoJob` to `DemoEndpoint.control.addJob`.
 */
export interface CatalogueOptions {
  /** Any text. Default `demo`. */
  readonly seed?: string;
  /** When the account was opened, milliseconds since 1970: live jobs start around it. */
  readonly startedAt: number;
  /** How many activities `odd/huge` has. Default 10,000. */
  readonly activities?: number;
}

/** Every job of the demo account, also those that are not created yet. */
export function demoCatalogue({ seed = "demo", startedAt, activities = 10_000 }: CatalogueOptions): DemoJob[] {
  const draw = drawing(seed, startedAt);
  return [
    ...liveJobs(draw),
    ...documentedStatuses(draw),
    ...oddities(draw, activities),
    ...samples(),
    ...recurringJobs(draw),
    ...abroad(draw),
  ];
}

/** What a list of the catalogue tells of a job. */
export type DemoJobSummary = Pick<DemoJob, "name" | "type" | "id" | "title" | "tracked" | "mediaId">;

/** The jobs that exist at a moment, those of the starter set first. */
export function summaries(jobs: Iterable<DemoJob>, now: number): DemoJobSummary[] {
  return [...jobs]
    .filter((job) => exists(job, now))
    .map(({ name, type, id, title, tracked, mediaId }) => ({ name, type, id, title, tracked, mediaId }))
    .sort((a, b) => Number(b.tracked) - Number(a.tracked));
}

/** Whether a job is in a region: no other knows it (vod-facts §2). */
export function isIn(region: string, job: DemoJob): boolean {
  return (job.region ?? homeRegion) === region;
}

/** The demo account's jobs at the moment it is opened. Ids depend on the seed only, not on the time. */
export function demoJobs(options: Partial<CatalogueOptions> = {}): DemoJobSummary[] {
  const startedAt = options.startedAt ?? Date.now();
  return summaries(demoCatalogue({ ...options, startedAt }), startedAt);
}

/** The service remembers jobs for six months (GetJobDetail page). */
const remembered = 183 * day;

/** Whether the service knows of a job at a moment. */
export function exists({ createdAt }: DemoJob, now: number): boolean {
  return createdAt === undefined || (createdAt <= now && now - createdAt < remembered);
}

/** Jobs of another region than the account's own: at home the service says that they do not exist. */
function abroad(draw: Drawing): DemoJob[] {
  return [
    simpleJob(draw, "transcode", {
      name: "abroad/singapore",
      title: "Highlights (Singapore).mp4",
      region: "ap-southeast-1",
      course: course(draw.startedAt - 3 * hour, 90, "TranscodeSuccess", shares.transcode),
    }),
  ];
}

/** The four jobs of the page's example. Each is answered with the example itself. */
function samples(): DemoJob[] {
  return Object.entries(sampleIds).map(([type, id]) => ({
    name: `sample/${type}`,
    type: type as JobType,
    id,
    title: type === "workflow" ? "2.mp4" : "The page's example",
    tracked: false,
    answer: () => sampleAnswer,
  }));
}
