import { type Json, type JsonObject, userId } from "./job.ts";
import { timeText, wholeSecond } from "./player.ts";
import { Random } from "./random.ts";

/** One node of a workflow, as it is meant to run. */
export interface Step {
  /** The key in ActivityResults. */
  readonly name: string;
  /** ActivityId: `start`, `VodSnapshot`, `VodTranslation`, … or a kind nobody has heard of. */
  readonly kind: string;
  /** The steps that it waits for; all of them stand before it in the list. */
  readonly after?: readonly string[];
  /** Median duration. */
  readonly seconds?: number;
  /** The status at its end, `Succeed` unless given. What waits for a step that ends otherwise never runs. */
  readonly end?: string;
  /** It ends, but no EndTime is reported, as for `Act_Start` in the page's example. */
  readonly endMissing?: boolean;
}

/** A step that ran, or that will. Times are milliseconds since 1970, in whole seconds. */
export interface PlayedActivity {
  readonly name: string;
  readonly kind: string;
  readonly instanceId: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly end: string;
  readonly endMissing: boolean;
  /** The Result at its end: text that holds JSON, or, as in events, the JSON itself. */
  readonly result: Json;
}

export interface Performance {
  readonly seed: string;
  readonly name: string;
  readonly createdAt: number;
  readonly mediaId: string;
  readonly title: string;
  /** When a person cancels the task, in seconds after its start: what runs then ends as `Canceled`. */
  readonly cancelAfter?: number;
  /** Spread of the durations; 0 takes the medians as they are. */
  readonly sigma?: number;
}

/** Fixes when every step starts and ends. Steps whose predecessors fail, or that a cancellation forestalls, are left out. */
export function perform(steps: readonly Step[], task: Performance): PlayedActivity[] {
  const { sigma = 0.25 } = task;
  const createdAt = wholeSecond(task.createdAt);
  const canceledAt = createdAt + (task.cancelAfter ?? Number.POSITIVE_INFINITY) * 1000;
  const played = new Map<string, PlayedActivity>();
  for (const step of steps) {
    const before = (step.after ?? []).map((name) => played.get(name));
    if (before.some((one) => one?.end !== "Succeed")) continue;
    const random = new Random(task.seed, `${task.name}/${step.name}`);
    const instanceId = random.id();
    // The page's Act_Start begins one second before the task is created.
    const earliest = Math.max(
      createdAt - (step.kind === "start" ? 1000 : 0),
      ...before.map((one) => one?.endedAt ?? 0),
    );
    const startedAt = earliest + (before.length === 0 ? 0 : random.whole(0, 2) * 1000);
    if (startedAt >= canceledAt) continue;
    const seconds = Math.max(1, Math.round(random.logNormal(step.seconds ?? 1, sigma)));
    const canceled = startedAt + seconds * 1000 > canceledAt;
    const endedAt = canceled ? canceledAt : startedAt + seconds * 1000;
    const end = canceled ? "Canceled" : (step.end ?? "Succeed");
    const about = { step, end, instanceId, endedAt, task, random, before: before as PlayedActivity[] };
    const result = canceled ? JSON.stringify({ Success: false, Reason: "TaskCanceled" }) : resultOf(about);
    played.set(step.name, {
      name: step.name,
      kind: step.kind,
      instanceId,
      startedAt,
      endedAt,
      end,
      endMissing: step.endMissing ?? false,
      result,
    });
  }
  return [...played.values()];
}

/** What a result can tell of its activity. */
interface About {
  readonly step: Step;
  readonly end: string;
  readonly instanceId: string;
  readonly endedAt: number;
  readonly task: Performance;
  readonly random: Random;
  readonly before: readonly PlayedActivity[];
}

/** The Result of an activity in the form its kind has on the page, in events (vod-facts §8), or likely has. */
function resultOf(about: About): Json {
  const { step, end, task, random, endedAt } = about;
  const success = end === "Succeed";
  const failure = success ? {} : { Code: "InvalidParameter.ResourceContentBad", Message: "The input file is damaged." };
  switch (step.kind) {
    case "start":
      return JSON.stringify(startResult(task, step.name));
    case "VodSnapshot":
      return JSON.stringify(eventResult(about, "SnapshotComplete", failure));
    case "VodDynamicImage":
      return JSON.stringify(eventResult(about, "DynamicImageComplete", failure));
    case "VodTranscode":
      return JSON.stringify(eventResult(about, "StreamTranscodeComplete", { JobId: random.id(), ...failure }));
    case "VodTranslation":
      return JSON.stringify({ Type: "VideoTranslationAll", Success: success, ...failure });
    case "VideoTranslation":
      return {
        Status: success ? "Finished" : "Failed",
        JobType: "VideoTranslation",
        JobId: random.id(),
        MediaId: task.mediaId,
        ModifiedTime: timeText(endedAt),
        UserData: JSON.stringify({ VodSrc: "Workflow" }),
        ...failure,
      };
    case "VodPackage": // names the jobs whose streams it packs: an id of another activity's result
      return JSON.stringify({ Success: success, StreamJobIds: about.before.map(jobIdOf), ...failure });
    case "VodReport": // names the activities it reports on
      return JSON.stringify({ Success: success, ReportedInstanceIds: about.before.map((one) => one.instanceId) });
    default:
      return JSON.stringify({ Success: success, JobId: random.id(), ...failure });
  }
}

function startResult(task: Performance, name: string): JsonObject {
  const media = { Type: "Media", Media: task.mediaId };
  return {
    Type: "Media",
    bizType: 6,
    Media: task.mediaId,
    Title: task.title,
    taskInput: JSON.stringify(media),
    userTaskInput: JSON.stringify({ ...media, Title: task.title, StorageLocation: storageLocation }),
    StorageLocation: storageLocation,
    callerUid: userId,
    CUR_NODE_NAME: name,
  };
}

export const storageLocation = "outin-demo.oss-cn-shanghai.aliyuncs.com";

/** A result in the form of the event that the service sends: on the page, those of snapshots and animated images. */
function eventResult(about: About, eventType: string, more: JsonObject): JsonObject {
  const { end, task, random, endedAt, instanceId } = about;
  return {
    RequestId: random.requestId(),
    EventType: eventType,
    UserId: userId,
    MessageBody: {
      Status: end === "Succeed" ? "success" : "fail",
      VideoId: task.mediaId,
      EventType: eventType,
      EventTime: timeText(endedAt - 1000),
      ...more,
      TriggerSource: JSON.stringify({ ActivityInstanceId: instanceId, BizType: "ice-workflow" }),
    },
  };
}

function jobIdOf(activity: PlayedActivity): string {
  const result = typeof activity.result === "string" ? JSON.parse(activity.result) : activity.result;
  return result.MessageBody?.JobId ?? result.JobId ?? activity.instanceId;
}

/**
 * ActivityResults at a moment: what has not started is absent, what runs has neither EndTime nor Result.
 * The order of the keys is not the order of execution, as on the page.
 */
export function activityResults(activities: readonly PlayedActivity[], now: number): JsonObject {
  const started = activities.filter((activity) => activity.startedAt <= now);
  const shuffled = started.sort((a, b) => (a.instanceId < b.instanceId ? -1 : 1));
  return Object.fromEntries(
    shuffled.map(({ name, kind, instanceId, startedAt, endedAt, end, endMissing, result }) => {
      const ended = endedAt <= now;
      const entry = {
        ActivityId: kind,
        ActivityInstanceId: instanceId,
        EndTime: ended && !endMissing ? timeText(endedAt) : undefined,
        Result: ended ? result : undefined,
        StartTime: timeText(startedAt),
        Status: ended ? end : "Processing",
      };
      return [name, entry];
    }),
  );
}
