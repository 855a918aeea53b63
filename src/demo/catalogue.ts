import type { JobType } from "../vod/types.ts";
import { aiJob, type DemoJob, snapshotJob, type TranscodeFacts, transcodeJob } from "./job.ts";
import { type Course, course, standstill } from "./player.ts";
import { Random } from "./random.ts";
import { sampleAnswer, sampleIds } from "./sample.ts";
import { type WorkflowFacts, workflowJob } from "./workflowJob.ts";
import * as workflows from "./workflows.ts";

/**
 * What the demo account holds. Everything follows from the seed and the moment the account was opened: the same two
 * give the same jobs, ids, durations and answers in every window and after every restart.
 *
 * To add a scenario:
 * 1. Write a `DemoJob`, usually with `transcodeJob`, `snapshotJob`, `aiJob` or `workflowJob`, and put it into the group
 *    below that it belongs to. A workflow is a list of steps in `workflows.ts`; results of a new kind of activity go
 *    into `activities.ts`. For an answer no builder gives (damaged, hostile, enormous), return the body as text.
 * 2. Give it a new `name`: ids and durations are drawn from it, so those of other scenarios stay as they are.
 * 3. Set `tracked` only if a newcomer should see it at once; about a dozen are enough.
 * A single test needs no scenario here: it hands its own `DemoJob` to `DemoEndpoint.control.addJob`.
 */
export interface CatalogueOptions {
  /** Any text. Default `demo`. */
  readonly seed?: string;
  /** When the account was opened, milliseconds since 1970: live jobs start around it. */
  readonly startedAt: number;
  /** How many activities `workflow/huge` has. Default 10,000. */
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
    ...series(draw).flatMap(runsOf),
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

/** The demo account's jobs at the moment it is opened. Ids depend on the seed only, not on the time. */
export function demoJobs(options: Partial<CatalogueOptions> = {}): DemoJobSummary[] {
  const startedAt = options.startedAt ?? Date.now();
  return summaries(demoCatalogue({ ...options, startedAt }), startedAt);
}

const hour = 3_600_000;
const day = 24 * hour;
/** The service remembers jobs for six months (GetJobDetail page). */
const remembered = 183 * day;

/** Whether the service knows of a job at a moment. */
export function exists({ createdAt }: DemoJob, now: number): boolean {
  return createdAt === undefined || (createdAt <= now && now - createdAt < remembered);
}

/** Draws the facts that a scenario does not state. */
interface Drawing {
  readonly seed: string;
  readonly startedAt: number;
  /** The id of anything that has a name. */
  id(name: string): string;
  random(name: string): Random;
}

function drawing(seed: string, startedAt: number): Drawing {
  const random = (name: string) => new Random(seed, name);
  const ids = new Map<string, string>();
  const id = (name: string) => {
    const known = ids.get(name) ?? random(`id/${name}`).id();
    ids.set(name, known);
    return known;
  };
  return { seed, startedAt, random, id };
}

/** How the weight of a job's time lies on its statuses, by type (GetJobDetail page). */
const shares = {
  transcode: [
    ["Submitted", 1],
    ["Transcoding", 19],
  ],
  snapshot: [["Processing", 1]],
  ai: [
    ["reserved", 1],
    ["init", 1],
    ["processing", 10],
    ["analyzing", 8],
  ],
} as const satisfies Partial<Record<JobType, readonly (readonly [string, number])[]>>;

type Simple = keyof typeof shares;

/** What a scenario states of a job that is no workflow. */
interface Outline {
  readonly name: string;
  readonly title: string;
  readonly tracked?: boolean;
  readonly course: Course;
  readonly endMissing?: boolean;
  readonly trigger?: "Auto" | "Manual";
  readonly aiType?: string;
  readonly definition?: TranscodeFacts["definition"];
}

const damaged = { code: "InvalidParameter.ResourceContentBad", message: "The resource operated InputFile is bad." };
const censorship = {
  AuditRange: ["video", "image-cover", "text-title"],
  AuditItem: ["terrorism", "porn"],
  AuditAutoBlock: "no",
};

function simpleJob(draw: Drawing, type: Simple, outline: Outline): DemoJob {
  const { name, title, aiType = "AIVideoCensor", definition = "HD" } = outline;
  const facts = { ...outline, id: draw.id(name), mediaId: draw.id(`media/${title}`) };
  if (type === "snapshot") return snapshotJob(facts);
  if (type === "ai")
    return aiJob({ ...facts, aiType, template: aiType === "AIVideoCensor" ? censorship : { Type: aiType } });
  const taskId = draw.id(`task/${title}`);
  return transcodeJob({ ...facts, definition, taskId, templateId: draw.id(`template/${definition}`), error: damaged });
}

type WorkflowOutline = Omit<WorkflowFacts, "id" | "seed" | "mediaId" | "workflow" | "end"> &
  Pick<Partial<WorkflowFacts>, "end"> & {
    readonly steps: WorkflowFacts["workflow"]["steps"];
    /** The name of the workflow's definition; tasks with the same one are runs of the same workflow. */
    readonly workflow: string;
    readonly workflowStatus?: WorkflowFacts["workflow"]["status"];
  };

function workflowTask(
  draw: Drawing,
  { steps, workflow, workflowStatus = "Active", ...outline }: WorkflowOutline,
): DemoJob {
  return workflowJob({
    end: "Succeed",
    ...outline,
    seed: draw.seed,
    id: draw.id(outline.name),
    mediaId: draw.id(`media/${outline.title}`),
    workflow: {
      id: `vw_${draw.id(`workflow/${workflow}`).slice(3)}`,
      name: `${workflow}_app-1000000`,
      status: workflowStatus,
      steps,
    },
  });
}

/** What moves while a person watches: seconds to minutes, to every kind of end. */
function liveJobs(draw: Drawing): DemoJob[] {
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
    simple("transcode", "live/transcode-20s", "Teaser 15 s.mp4", 2, 20, "TranscodeSuccess", { definition: "SD" }),
    simple("transcode", "live/transcode-90s", "Trailer 4K.mp4", 25, 90, "TranscodeSuccess", { definition: "4K" }),
    simple("transcode", "live/transcode-6min", "Episode 3.mov", 70, 360, "TranscodeSuccess", { definition: "FHD" }),
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

/** Each status that the GetJobDetail page documents, held still. The names are `type/Status`. */
function documentedStatuses(draw: Drawing): DemoJob[] {
  const { startedAt } = draw;
  const still = (status: string) => standstill(startedAt - 10 * 60_000, status);
  const ended = (type: Simple, end: string) => course(startedAt - 3 * hour, 200, end, shares[type]);
  const simple = (type: Simple, title: string, resting: readonly string[], ends: readonly string[]) => [
    ...resting.map((status) => simpleJob(draw, type, { name: `${type}/${status}`, title, course: still(status) })),
    ...ends.map((end) => simpleJob(draw, type, { name: `${type}/${end}`, title, course: ended(type, end) })),
  ];
  const task = (end: string, more: Partial<WorkflowOutline> = {}) =>
    workflowTask(draw, {
      name: `workflow/${end}`,
      title: "Product tour.mp4",
      createdAt: startedAt - 3 * hour,
      workflow: "Publish",
      steps: workflows.publish,
      end,
      ...more,
    });
  return [
    ...simple(
      "transcode",
      "Webinar.mp4",
      ["Submitted", "Transcoding"],
      ["TranscodeSuccess", "TranscodeFail", "TranscodeCancelled"],
    ),
    ...simple("snapshot", "Webinar.mp4", ["Processing"], ["Success", "Fail"]),
    ...simple("ai", "Webinar.mp4", ["reserved", "init", "processing", "analyzing"], ["success", "fail"]),
    task("Init", { standstill: "Init", steps: () => [] }),
    task("Processing", { standstill: "Processing", steps: workflows.stuck }),
    task("Succeed"),
    task("Failed", { steps: workflows.archive, workflow: "Archive", workflowStatus: "Inactive" }),
    task("Canceled", { cancelAfter: 60 }),
    task("Skip", { steps: () => [], workflow: "Retired", workflowStatus: "Deleted" }),
  ];
}

/** What no documentation promises and live data may hold all the same. */
function oddities(draw: Drawing, activities: number): DemoJob[] {
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

/** Runs of the same thing, one after the other: a dozen lie in the past, to learn and compare with, and new ones keep coming. */
interface Series {
  /** Seconds from one run to the next. */
  readonly period: number;
  readonly run: (index: number, createdAt: number) => DemoJob;
  readonly startedAt: number;
}

const pastRuns = 12;
const comingRuns = 100;

function runsOf({ period, startedAt, run }: Series): DemoJob[] {
  return Array.from({ length: pastRuns + comingRuns }, (_, at) => {
    const index = at - pastRuns + 1; // run 1 is the first to come, after half a period
    return run(index, startedAt + (index - 0.5) * period * 1000);
  });
}

function series(draw: Drawing): Series[] {
  const { startedAt } = draw;
  const simple = (
    type: Simple,
    facts: { name: string; title: string; period: number; median: number; sigma: number; ends: readonly string[] },
    more: Partial<Outline> = {},
  ): Series => ({
    startedAt,
    period: facts.period,
    run: (index, createdAt) => {
      const name = `${facts.name}/${index}`;
      const random = draw.random(name);
      const seconds = Math.max(2, random.logNormal(facts.median, facts.sigma));
      const way = course(createdAt, seconds, random.pick(facts.ends), shares[type]);
      return simpleJob(draw, type, { name, title: facts.title, course: way, ...more });
    },
  });
  const tasks = (workflow: string, title: string, steps: WorkflowOutline["steps"], period: number): Series => ({
    startedAt,
    period,
    run: (index, createdAt) =>
      workflowTask(draw, { name: `runs/${workflow}/${index}`, title, createdAt, workflow, steps }),
  });
  const transcodes = ["TranscodeSuccess", "TranscodeSuccess", "TranscodeSuccess", "TranscodeSuccess", "TranscodeFail"];
  return [
    simple(
      "transcode",
      { name: "runs/teaser", title: "Teaser 15 s.mp4", period: 60, median: 20, sigma: 0.2, ends: transcodes },
      { definition: "SD" },
    ),
    simple(
      "transcode",
      { name: "runs/trailer", title: "Trailer 4K.mp4", period: 180, median: 90, sigma: 0.3, ends: transcodes },
      { definition: "4K" },
    ),
    simple(
      "transcode",
      { name: "runs/episode", title: "Episode 3.mov", period: 480, median: 360, sigma: 0.3, ends: transcodes },
      { definition: "FHD" },
    ),
    simple("snapshot", {
      name: "runs/snapshot",
      title: "Episode 3.mov",
      period: 120,
      median: 12,
      sigma: 0.3,
      ends: ["Success"],
    }),
    simple("ai", {
      name: "runs/censor",
      title: "Trailer 4K.mp4",
      period: 150,
      median: 60,
      sigma: 0.4,
      ends: ["success", "success", "fail"],
    }),
    tasks("Publish", "Keynote.mp4", workflows.publish, 300),
    tasks("Localize", "第3集 预告.mp4", workflows.localizeWell, 420),
  ];
}
