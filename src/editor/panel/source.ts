import type { Disposable, Uri } from "vscode";
import type { Observation, TrackedJob, TranscodeFacts } from "../../jobs/types.ts";
import type { JobAnswer, JobRef } from "../../vod/types.ts";
import type { Log } from "../log.ts";
import type { Problem } from "../problem.ts";
import type { Sentence } from "../sentences.ts";

type Maybe<T> = T | undefined | Promise<T | undefined>;

/** What a job panel reads and asks for. The tracker behind it owns the data; the panel calls the service through it only. */
export interface PanelSource {
  /** The job as the lists show it; undefined when it is neither tracked nor looked up. */
  job(ref: JobRef): TrackedJob | undefined;
  /** The last answer of the service. */
  answer(ref: JobRef): Maybe<JobAnswer>;
  /** The changes of status that were seen, oldest first. */
  history(ref: JobRef): Maybe<readonly Observation[]>;
  /** The answer of the run of the same workflow before this one. */
  previousRun(ref: JobRef): Maybe<JobAnswer>;
  /** Asks the service now, a person waits. Rejects when it gave no answer; the reason is then the job's `problem`. */
  refresh(ref: JobRef, signal: AbortSignal): Promise<unknown>;
  /**
   * What the service knows of a transcode job beside its answer, as it is kept or by one more call for each answer. `again`:
   * a person asked anew, though the account was refused. Undefined: there is no answer yet.
   */
  transcode?(ref: JobRef, signal: AbortSignal, again: boolean): Promise<TranscodeFacts | undefined>;
  /** Calls back when any of these jobs changed; without keys when any may have. */
  onDidChange(listener: (keys?: Iterable<string>) => void): Disposable;
  /** While the panel shows: somebody looks at this job. */
  watch?(ref: JobRef): Disposable;
}

/** A value kept between sessions by key, as `Memento` does: topologies that a person attached, per workflow id. */
export interface KeptValues {
  get<T>(key: string): T | undefined;
  update(key: string, value: unknown): Thenable<void>;
}

/** What the panel lets others do. */
export interface PanelActions {
  /** Opens the answer as it came, as a read-only document. */
  showRaw(ref: JobRef): unknown;
  /** What a problem is in a sentence, with next steps. */
  problemSentence(problem: Problem, ref: JobRef): Sentence;
  /** Tells in a message that something did not work. */
  showProblem(error: unknown, ref: JobRef): unknown;
}

/** What a job panel is made with. */
export interface JobPanelOptions {
  readonly extensionUri: Uri;
  readonly source: PanelSource;
  readonly actions: PanelActions;
  /** `ExtensionContext.globalState` will do. */
  readonly kept: KeptValues;
  readonly log: Log;
}

/** What can be done with the view of a panel, from its menu or the palette. */
export const panelCommands = ["exportSvg", "exportPng", "copyMarkdown", "attachTopology", "detachTopology"] as const;
export type PanelCommand = (typeof panelCommands)[number];
