import type { JobType } from "../vod/types.ts";
import { aiJob, type DemoJob, snapshotJob, type TranscodeFacts, transcodeJob } from "./job.ts";
import type { Course } from "./player.ts";
import { Random } from "./random.ts";
import { type WorkflowFacts, workflowJob } from "./workflowJob.ts";

/** Draws the facts that a scenario does not state. */
export interface Drawing {
  readonly seed: string;
  readonly startedAt: number;
  /** The id of anything that has a name. */
  id(name: string): string;
  random(name: string): Random;
}

export function drawing(seed: string, startedAt: number): Drawing {
  const random = (name: string) => new Random(seed, name);
  const ids = new Map<string, string>();
  const id = (name: string) => {
    const known = ids.get(name) ?? random(`id/${name}`).id();
    ids.set(name, known);
    return known;
  };
  return { seed, startedAt, random, id };
}

export const hour = 3_600_000;
export const day = 24 * hour;

/** How the weight of a job's time lies on its statuses, by type (GetJobDetail page). */
export const shares = {
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

export type Simple = keyof typeof shares;

/** What a scenario states of a job that is no workflow. */
export interface Outline {
  readonly name: string;
  readonly title: string;
  readonly tracked?: boolean;
  readonly region?: string;
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

export function simpleJob(draw: Drawing, type: Simple, outline: Outline): DemoJob {
  const { name, title, aiType = "AIVideoCensor", definition = "SD" } = outline;
  const facts = { ...outline, id: draw.id(name), mediaId: draw.id(`media/${title}`) };
  if (type === "snapshot") return snapshotJob(facts);
  if (type === "ai")
    return aiJob({ ...facts, aiType, template: aiType === "AIVideoCensor" ? censorship : { Type: aiType } });
  const taskId = draw.id(`task/${title}`);
  return transcodeJob({ ...facts, definition, taskId, templateId: draw.id(`template/${definition}`), error: damaged });
}

export type WorkflowOutline = Omit<WorkflowFacts, "id" | "seed" | "mediaId" | "workflow" | "end"> &
  Pick<Partial<WorkflowFacts>, "end"> & {
    readonly steps: WorkflowFacts["workflow"]["steps"];
    /** The name of the workflow's definition; tasks with the same one are runs of the same workflow. */
    readonly workflow: string;
    readonly workflowStatus?: WorkflowFacts["workflow"]["status"];
  };

export function workflowTask(
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
