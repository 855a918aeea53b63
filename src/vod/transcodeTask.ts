import { number, objects, text, time } from "./fields.ts";
import { asObject, type JsonObject } from "./json.ts";
import { phaseOf } from "./phase.ts";
import type { Phase } from "./types.ts";

/** What `GetTranscodeTask` knows of a transcode job and `GetJobDetail` does not: progress, error, output (vod-facts §1). */
export interface TranscodeProgress {
  readonly jobId: string;
  readonly status: string;
  readonly phase: Phase;
  /** Percent, 0 to 100. */
  readonly progress?: number;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly templateId?: string;
  readonly definition?: string;
  readonly priority?: string;
  readonly createdAt?: number;
  readonly finishedAt?: number;
  readonly output?: TranscodeOutput;
}

export interface TranscodeOutput {
  readonly url?: string;
  readonly format?: string;
  /** Seconds. */
  readonly duration?: number;
  /** Kbit/s. */
  readonly bitrate?: number;
  readonly fps?: number;
  readonly width?: number;
  readonly height?: number;
  /** Bytes. */
  readonly size?: number;
  readonly encryption?: string;
}

/** The most job ids one `GetTranscodeTask` call takes. */
export const mostTranscodeJobs = 10;

/** Reads the body of a `GetTranscodeTask` answer; asked by task id the jobs stand inside the task, by job ids beside it. */
export function readTranscodeTask(body: JsonObject): TranscodeProgress[] {
  const list = body.TranscodeJobInfoList ?? asObject(body.TranscodeTask)?.TranscodeJobInfoList;
  return objects(list).map((job) => {
    const status = text(job.TranscodeJobStatus) ?? "";
    return {
      jobId: text(job.TranscodeJobId) ?? "",
      status,
      phase: phaseOf("transcode", status),
      progress: number(job.TranscodeProgress),
      errorCode: text(job.ErrorCode),
      errorMessage: text(job.ErrorMessage),
      templateId: text(job.TranscodeTemplateId),
      definition: text(job.Definition),
      priority: text(job.Priority),
      createdAt: time(job.CreationTime),
      finishedAt: time(job.CompleteTime),
      output: output(asObject(job.OutputFile)),
    };
  });
}

function output(file: JsonObject | undefined): TranscodeOutput | undefined {
  if (!file) return undefined;
  return {
    url: text(file.OutputFileUrl),
    format: text(file.Format),
    duration: number(file.Duration),
    bitrate: number(file.Bitrate),
    fps: number(file.Fps),
    width: number(file.Width),
    height: number(file.Height),
    size: number(file.Filesize),
    encryption: text(file.Encryption),
  };
}
