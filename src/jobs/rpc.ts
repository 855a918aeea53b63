import type { JobHub } from "./hub.ts";
import { StorageError, type StorageTrouble } from "./storageError.ts";

/**
 * A hub on the other side of a message port. Calls made in one turn of the event loop travel in one message, and so do
 * their answers, as each message costs more than what is in it.
 */

type Method = keyof JobHub;

/** A `MessagePort` or `Worker`. */
interface Port {
  postMessage(message: unknown): void;
  // biome-ignore lint/suspicious/noExplicitAny: what comes is what the other side of this file sent
  on(event: "message", listener: (message: any) => void): unknown;
}

interface Call {
  readonly id: number;
  readonly method: Method;
  readonly args: readonly unknown[];
}

interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: unknown;
  /** Of a `StorageError`, which would arrive as a plain error. */
  readonly trouble?: StorageTrouble;
}

/** Every operation of a hub; the type makes sure that none is missing. */
const methods = Object.keys({
  notices: true,
  load: true,
  changes: true,
  add: true,
  remove: true,
  restore: true,
  edit: true,
  pin: true,
  claimDue: true,
  claim: true,
  claimProbe: true,
  renew: true,
  release: true,
  save: true,
  claimTranscode: true,
  saveTranscode: true,
  forgetRefusal: true,
  job: true,
  answer: true,
  observations: true,
  previousRun: true,
  durations: true,
  takeDigest: true,
  reserve: true,
  giveBack: true,
  throttled: true,
  recovering: true,
  block: true,
  maintain: true,
  check: true,
  close: true,
} satisfies Record<Method, true>) as Method[];

/** A hub whose every operation is `call`. */
export function hubOf(call: (method: Method, args: readonly unknown[]) => Promise<unknown>): JobHub {
  const operations = methods.map((method) => [method, (...args: unknown[]) => call(method, args)]);
  return Object.fromEntries(operations) as JobHub;
}

/** The near side: makes calls. `fail` rejects all that are open and all that follow. */
export function callHub(port: Port): { hub: JobHub; fail(error: Error): void } {
  const open = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  const send = batched<Call>((calls) => port.postMessage(calls));
  let failure: Error | undefined;
  let last = 0;
  port.on("message", (replies: readonly Reply[]) => {
    for (const { id, value, error, trouble } of replies) {
      const waiting = open.get(id);
      open.delete(id);
      if (error === undefined) waiting?.resolve(value);
      else waiting?.reject(trouble ? new StorageError(trouble, (error as Error).message) : error);
    }
  });
  return {
    hub: hubOf((method, args) => {
      if (failure) return Promise.reject(failure);
      return new Promise((resolve, reject) => {
        open.set(++last, { resolve, reject });
        send({ id: last, method, args });
      });
    }),
    fail(error) {
      failure = error;
      for (const waiting of open.values()) waiting.reject(error);
      open.clear();
    },
  };
}

/** The far side: answers calls from `hub`. */
export function serveHub(port: Port, hub: JobHub): void {
  const reply = batched<Reply>((replies) => port.postMessage(replies));
  port.on("message", (calls: readonly Call[]) => {
    for (const { id, method, args } of calls) {
      const operation = hub[method] as (...args: readonly unknown[]) => Promise<unknown>;
      operation.apply(hub, args as unknown[]).then(
        (value) => reply({ id, value }),
        (error: unknown) =>
          reply({
            id,
            error: error ?? new Error("failed"),
            trouble: error instanceof StorageError ? error.trouble : undefined,
          }),
      );
    }
  });
}

/** Gathers what is given in one turn of the microtask queue and passes it on as one list. */
function batched<T>(pass: (items: T[]) => void): (item: T) => void {
  let items: T[] = [];
  return (item) => {
    if (items.push(item) > 1) return;
    queueMicrotask(() => {
      const all = items;
      items = [];
      pass(all);
    });
  };
}
