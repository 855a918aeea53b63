import type { JobType } from "../vod/types.ts";
import { type Course, standingAt, timeText } from "./player.ts";

/** A value as it goes into JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };
export type JsonObject = { readonly [key: string]: Json | undefined };

/**
 * A job that the endpoint knows. `answer` is a pure function of the moment: it gives the detail of the job
 * (`TranscodeJobDetail` and so on), or the whole body as text, which is then sent byte for byte.
 */
export interface DemoJob {
  /** What the job shows, as `group/scenario`: unique in a catalogue, and how tests find it. */
  readonly name: string;
  readonly type: JobType;
  readonly id: string;
  /** What a person would call it. */
  readonly title: string;
  /** Part of the starter set that "Use Demo Account" tracks. */
  readonly tracked: boolean;
  /** The media asset, by which `ListJobInfo` lists it. */
  readonly mediaId?: string;
  /** The region that knows the job. Absent: the account's own, `homeRegion`. */
  readonly region?: string;
  /** Unknown before this moment and forgotten six months later. Absent: always there. Milliseconds since 1970. */
  readonly createdAt?: number;
  answer(now: number): JsonObject | string;
  /** What `GetTranscodeTask` says of a transcode job. */
  readonly transcode?: TranscodeProgress;
}

export interface TranscodeProgress {
  /** The task that submitted this job, perhaps with others. */
  readonly taskId: string;
  info(now: number): JsonObject;
}

/** Where the jobs of the demo account are, but those that name another region. */
export const homeRegion = "cn-shanghai";

/** What every job is made from. */
export interface JobFacts {
  readonly name: string;
  readonly id: string;
  readonly title: string;
  readonly tracked?: boolean;
  readonly region?: string;
  readonly course: Course;
  readonly mediaId: string;
  /** The service finished the job but does not say when. */
  readonly endMissing?: boolean;
}

/**
 * The account that owns every job. Its id is past 2^53, so a client that reads it as a floating-point number loses
 * digits and is caught. Written as digits: `actions.ts` makes the number of it.
 */
export const userId = "7205759403792793601";

export interface TranscodeFacts extends JobFacts {
  readonly taskId: string;
  readonly templateId: string;
  readonly definition: "FD" | "LD" | "SD" | "HD" | "2K" | "4K";
  /** Why it failed, when it does. */
  readonly error?: { readonly code: string; readonly message: string };
}

/** A picture of each definition (VOD reference, "Parameters for media assets"). */
const frames: Readonly<Record<TranscodeFacts["definition"], readonly [width: number, height: number]>> = {
  FD: [640, 360],
  LD: [720, 404],
  SD: [1280, 720],
  HD: [1920, 1080],
  "2K": [2560, 1440],
  "4K": [3840, 2160],
};

export function transcodeJob(facts: TranscodeFacts): DemoJob {
  const { id, course, mediaId, templateId, definition, error } = facts;
  return {
    ...common("transcode", facts, course.createdAt),
    answer(now) {
      const { status, finishedAt } = standingAt(course, now);
      return {
        JobId: id,
        UserId: userId,
        VideoId: mediaId,
        Status: status,
        TemplateId: templateId,
        Definition: definition,
        CreateTime: timeText(course.createdAt),
        CompleteTime: facts.endMissing ? undefined : optionalTime(finishedAt),
      };
    },
    transcode: {
      taskId: facts.taskId,
      info(now) {
        const { status, finishedAt, done } = standingAt(course, now);
        const [width, height] = frames[definition];
        const succeeded = status === "TranscodeSuccess";
        const failed = status === "TranscodeFail";
        return {
          TranscodeJobId: id,
          TranscodeTemplateId: templateId,
          // GetTranscodeTask does not know Submitted: a job that waits is Transcoding at 0.
          TranscodeJobStatus: status === "Submitted" ? "Transcoding" : status,
          TranscodeProgress: succeeded ? 100 : Math.min(99, Math.floor(done * 100)),
          Definition: definition,
          Priority: "6",
          CreationTime: timeText(course.createdAt),
          CompleteTime: facts.endMissing ? undefined : optionalTime(finishedAt),
          InputFileUrl: `http://outin-demo.oss-cn-shanghai.aliyuncs.com/sv/${mediaId}.mp4`,
          ErrorCode: failed ? error?.code : undefined,
          ErrorMessage: failed ? error?.message : undefined,
          OutputFile: succeeded
            ? {
                OutputFileUrl: `http://outin-demo.oss-cn-shanghai.aliyuncs.com/${mediaId}/${id}.mp4`,
                Format: "mp4",
                Width: String(width),
                Height: String(height),
                Fps: "25",
                Bitrate: String(Math.round((width * height) / 400)),
                Duration: "92.4",
                Filesize: width * height * 29,
                WatermarkIdList: [],
              }
            : undefined,
        };
      },
    },
  };
}

export interface SnapshotFacts extends JobFacts {
  readonly trigger?: "Auto" | "Manual";
}

export function snapshotJob(facts: SnapshotFacts): DemoJob {
  const { id, course, mediaId } = facts;
  return {
    ...common("snapshot", facts, course.createdAt),
    answer(now) {
      const { status, finishedAt } = standingAt(course, now);
      return {
        JobId: id,
        UserId: userId,
        VideoId: mediaId,
        Status: status,
        Trigger: facts.trigger ?? "Auto",
        NormalConfig: JSON.stringify({ inl: 0, num: 32, tm: 5, wd: "352", ft: "normal", hg: "640" }),
        SpriteConfig: JSON.stringify({ pad: "0", lines: "10", mgin: "0", cols: "10", ikcp: "false", hg: "68" }),
        CreateTime: timeText(course.createdAt),
        CompleteTime: facts.endMissing ? undefined : optionalTime(finishedAt),
      };
    },
  };
}

export interface AIFacts extends JobFacts {
  readonly aiType: string;
  readonly template: JsonObject;
  readonly trigger?: "Auto" | "Manual";
}

export function aiJob(facts: AIFacts): DemoJob {
  const { id, course, mediaId } = facts;
  return {
    ...common("ai", facts, course.createdAt),
    answer(now) {
      const { status, finishedAt } = standingAt(course, now);
      return {
        JobId: id,
        UserId: userId,
        MediaId: mediaId,
        JobType: facts.aiType,
        Status: status,
        Trigger: facts.trigger ?? "Auto",
        TemplateConfig: JSON.stringify(facts.template),
        CreateTime: timeText(course.createdAt),
        // The page's example has this line break, so every AI job here has it.
        CompleteTime: finishedAt === undefined || facts.endMissing ? undefined : `${timeText(finishedAt)}\n`,
      };
    },
  };
}

/** What `DemoJob` says alike of every type. */
export function common(type: JobType, facts: Omit<JobFacts, "course">, createdAt: number): Omit<DemoJob, "answer"> {
  const { name, id, title, tracked = false, mediaId, region } = facts;
  return { name, type, id, title, tracked, mediaId, region, createdAt };
}

/** A time that may not have come yet: absent, as the service leaves it out. */
export function optionalTime(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : timeText(ms);
}
