import * as path from "node:path";
import { setImmediate } from "node:timers/promises";
import * as vscode from "vscode";
import { openHub } from "../jobs/openHub.ts";
import { hubOf } from "../jobs/rpc.ts";
import { JobTracker, type VodClientLike } from "../jobs/tracker.ts";
import { systemClock } from "../vod/clock.ts";
import type { Log } from "./log.ts";
import { settings } from "./settings.ts";

interface Parts {
  /** Where the database lives. */
  readonly folder: string;
  /** Where the built files are, for the database's worker. */
  readonly dist: string;
  clientFor(account: string): Promise<VodClientLike>;
  readonly log: Log;
}

function polling() {
  const pace = settings.polling();
  return pace === "off" ? { enabled: false, pace: "normal" as const } : { enabled: true, pace };
}

/** Opens the database (in a worker, so that it never blocks the window) and the tracker on it. */
export function openTracker({ folder, dist, clientFor, log }: Parts): { tracker: JobTracker; close(): Promise<void> } {
  // Opening takes a moment that activation does not wait for: calls until then do. To start a thread alone takes 10 ms.
  const workerFile = path.join(dist, "hub-worker.cjs");
  const opening = setImmediate().then(() => openHub({ folder, workerFile, log: (line) => log.warn(line) }));
  const hub = hubOf(async (method, args) => {
    const opened = await opening;
    return (opened[method] as (...args: readonly unknown[]) => Promise<unknown>)(...args);
  });
  const { enabled, pace } = polling();
  const tracker = new JobTracker({
    hub,
    clientFor,
    clock: systemClock,
    random: Math.random,
    log: (level, message) => log[level](message),
    settings: {
      polling: enabled,
      pace,
      backgroundRate: settings.requestsPerSecond(),
      focused: vscode.window.state.focused,
    },
  });
  const close = async () => {
    await tracker.dispose();
    await hub.close();
  };
  return { tracker, close };
}

/** Hands changes of the settings and of the focus to the tracker. */
export function followSettings(tracker: JobTracker): vscode.Disposable {
  return vscode.Disposable.from(
    settings.onDidChange(() => {
      tracker.setPolling(polling());
      tracker.setBackgroundRate(settings.requestsPerSecond());
    }),
    vscode.window.onDidChangeWindowState(({ focused }) => tracker.setFocused(focused)),
  );
}
