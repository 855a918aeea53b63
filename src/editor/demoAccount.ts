import type * as vscode from "vscode";
import type { DemoEndpoint } from "../demo/endpoint.ts";
import type { JobRef } from "../vod/types.ts";
import type { Log } from "./log.ts";

/** What the demo plays: the same seed and start give the same jobs at the same moments in every window. */
export interface DemoRun {
  readonly seed: string;
  readonly startedAt: number;
}

/** The name of the demo account, the region of its jobs, and the other regions where it has some. */
export const demo = { account: "demo", region: "cn-shanghai", otherRegions: ["ap-southeast-1"] } as const;

const kept = "demo.run";
/** After this long every live job of a run has ended: asking for the demo again begins a new run. Milliseconds. */
const runLasts = 30 * 60_000;

/**
 * The demo account: an embedded VOD endpoint on loopback, started when a person asked for the demo and one of its
 * jobs is needed, never else. Every window runs its own endpoint; they play the same run.
 */
export class DemoAccount implements vscode.Disposable {
  readonly #state: vscode.Memento;
  readonly #log: Log;
  #endpoint: Promise<DemoEndpoint> | undefined;
  #disposed = false;

  constructor(state: vscode.Memento, log: Log) {
    this.#state = state;
    this.#log = log;
  }

  /** The run that is played; undefined before a person asked for the demo. */
  get run(): DemoRun | undefined {
    return this.#state.get<DemoRun>(kept);
  }

  /** Begins a run, or goes on with one that still moves. `fresh`: a new run began, jobs of an older one are history. */
  async begin(now: number): Promise<{ fresh: boolean }> {
    const run = this.run;
    // `npm start` names the seed, so that the files it opens hold ids of this run's jobs.
    const seed = process.env.VOD_JOBS_DEMO_SEED ?? (run && now - run.startedAt < runLasts ? run.seed : String(now));
    if (run?.seed === seed && now - run.startedAt < runLasts) return { fresh: false };
    await this.#state.update(kept, { seed, startedAt: now } satisfies DemoRun);
    await this.#close();
    return { fresh: true };
  }

  /** The running endpoint. Throws when nobody asked for the demo. */
  endpoint(): Promise<DemoEndpoint> {
    const run = this.run;
    if (!run || this.#disposed) return Promise.reject(new Error("the demo account has not been started"));
    this.#endpoint ??= import("../demo/endpoint.ts")
      .then(({ startEndpoint }) => startEndpoint({ seed: run.seed, startedAt: run.startedAt }))
      .then((endpoint) => {
        this.#log.info(`demo: endpoint started at ${endpoint.url}`);
        return endpoint;
      })
      .catch((error) => {
        this.#endpoint = undefined;
        throw error;
      });
    return this.#endpoint;
  }

  /** The jobs a newcomer sees first. */
  async starters(): Promise<{ ref: JobRef; title: string }[]> {
    const { jobs } = await this.endpoint();
    const { account, region } = demo;
    return jobs
      .filter((job) => job.tracked)
      .map(({ type, id, title }) => ({ ref: { account, region, type, id }, title }));
  }

  dispose(): void {
    this.#disposed = true;
    void this.#close();
  }

  async #close(): Promise<void> {
    const endpoint = this.#endpoint;
    this.#endpoint = undefined;
    await endpoint?.then(
      (one) => one.close(),
      () => undefined,
    );
  }
}
