import { Worker } from "node:worker_threads";
import type { JobHub } from "./hub.ts";
import { callHub, hubOf } from "./rpc.ts";

/** A worker that has not answered by then, ms, is taken for one that cannot start. */
const startTimeout = 10_000;

/**
 * Megabytes that the worker may fill with what is new before it looks for what is garbage. Rows and messages are garbage
 * at once: more than this costs 6 MB of every window's memory with 10,000 jobs, and gains no time.
 */
const mostFresh = 2;

export interface HubOptions {
  /** Where the database lies; made when it is not there. Undefined: nothing is kept. */
  readonly folder: string | undefined;
  /** The bundle of `worker.ts`. Undefined: the database's work is done in this thread. */
  readonly workerFile?: string | URL;
  log?(message: string): void;
}

/**
 * Opens the hub in a worker thread, so that the database never blocks this one; where no worker can start, in this
 * thread. If the worker dies later, open calls reject and the next one starts the hub anew.
 */
export async function openHub(options: HubOptions): Promise<JobHub> {
  const { folder, workerFile, log } = options;
  let closed = false;

  async function start(): Promise<JobHub> {
    if (workerFile !== undefined && folder !== undefined) {
      try {
        return await startWorker(workerFile, folder, () => {
          if (!closed) current = undefined;
        });
      } catch (error) {
        log?.(`The database's worker did not start, its work is done in this thread: ${error}`);
      }
    }
    const { SqliteHub } = await import("./sqlite/hub.ts");
    return new SqliteHub(folder);
  }

  let current: Promise<JobHub> | undefined = start();
  await current;
  return hubOf(async (method, args) => {
    if (method === "close") closed = true;
    current ??= start();
    const hub = await current;
    return (hub[method] as (...args: readonly unknown[]) => Promise<unknown>)(...args);
  });
}

function startWorker(file: string | URL, folder: string, onExit: () => void): Promise<JobHub> {
  return new Promise((resolve, reject) => {
    const resourceLimits = { maxYoungGenerationSizeMb: mostFresh };
    const worker = new Worker(file, { workerData: { folder }, stdin: false, resourceLimits });
    const { hub, fail } = callHub(worker);
    const timer = setTimeout(() => {
      reject(new Error("it did not answer"));
      void worker.terminate();
    }, startTimeout);
    let started = false;
    worker.once("message", () => {
      started = true;
      clearTimeout(timer);
      resolve({
        ...hub,
        async close() {
          await hub.close();
          await worker.terminate();
        },
      });
    });
    const end = (error: Error) => {
      clearTimeout(timer);
      fail(error);
      reject(error);
      if (started) onExit();
    };
    worker.on("error", end);
    worker.on("exit", () => end(new Error("The database's worker has ended.")));
  });
}
