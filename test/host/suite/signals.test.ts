import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as vscode from "vscode";
import { settings } from "../../../src/editor/settings.ts";
import { Signals } from "../../../src/editor/signals.ts";
import { jobKey } from "../../../src/jobs/key.ts";
import { SqliteHub } from "../../../src/jobs/sqlite/hub.ts";
import { JobTracker } from "../../../src/jobs/tracker.ts";
import { systemClock } from "../../../src/vod/clock.ts";
import type { JobRef, Phase } from "../../../src/vod/types.ts";
import { parts, until } from "./support.ts";

/** Much shorter than a person's: these tests wait for what must not come. */
const messages = { settle: 40, quiet: 100 };
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
/** Long enough for every message that is due. */
const allSaid = () => wait(messages.quiet * 2 + 600);

const ref = (id: string): JobRef => ({ account: "demo", region: "cn-shanghai", type: "transcode", id });

/** What a person sees and does, in place of the editor's own windows; the rest of the editor is real. */
class Desk {
  focused = true;
  readonly said: string[] = [];
  readonly ran: unknown[][] = [];
  readonly items: vscode.StatusBarItem[] = [];
  answer: (buttons: readonly string[]) => string | undefined = () => undefined;
  readonly #restore: (() => void)[] = [];

  constructor() {
    const message =
      (kind: string) =>
      async (text: string, ...buttons: string[]) => {
        this.said.push(`${kind}: ${text}`);
        return this.answer(buttons);
      };
    const createItem = vscode.window.createStatusBarItem as (...args: unknown[]) => vscode.StatusBarItem;
    this.#replace(vscode.window, "state", { get: () => ({ focused: this.focused, active: true }) });
    this.#replace(vscode.window, "showInformationMessage", { value: message("info") });
    this.#replace(vscode.window, "showWarningMessage", { value: message("warning") });
    this.#replace(vscode.window, "createStatusBarItem", {
      value: (...args: unknown[]) => {
        const item = createItem(...args);
        this.items.push(item);
        return item;
      },
    });
    const execute = vscode.commands.executeCommand;
    this.#replace(vscode.commands, "executeCommand", {
      value: async (id: string, ...args: unknown[]) => {
        if (!id.startsWith("vodJobs.")) return execute(id, ...args);
        this.ran.push([id, ...args]);
      },
    });
  }

  clear(): void {
    for (const thing of this.#restore.splice(0).reverse()) thing();
  }

  #replace(owner: object, name: string, by: PropertyDescriptor): void {
    const real = Object.getOwnPropertyDescriptor(owner, name)!;
    Object.defineProperty(owner, name, { ...by, configurable: true });
    this.#restore.push(() => Object.defineProperty(owner, name, real));
  }
}

/** The view in the side bar, as far as signals know it. */
class View {
  badge: vscode.ViewBadge | undefined;
  visible = false;
  readonly #visibility = new vscode.EventEmitter<{ visible: boolean }>();
  readonly onDidChangeVisibility = this.#visibility.event;

  show(visible: boolean): void {
    this.visible = visible;
    this.#visibility.fire({ visible });
  }
}

describe("signals", () => {
  let folder: string;
  let desk: Desk;
  const open: (() => Promise<void>)[] = [];
  /** Flags that outlive the session. */
  const flags = new Map<string, unknown>();
  const state = {
    get: (name: string, fallback: unknown) => flags.get(name) ?? fallback,
    update: async (name: string, value: unknown) => void flags.set(name, value),
    keys: () => [...flags.keys()],
  } as unknown as vscode.Memento;

  before(async () => {
    // What other tests track in the window itself must not finish, and be told of, while these listen.
    const { tracker } = await parts();
    await tracker.untrack([...tracker.jobs.keys()]);
  });
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "signals-"));
    desk = new Desk();
    flags.clear();
  });
  afterEach(async () => {
    for (const close of open.splice(0)) await close();
    desk.clear();
    await settings.set("notifications", undefined);
    await settings.set("statusBar", undefined);
    fs.rmSync(folder, { recursive: true, force: true });
  });

  /** One window: its own connection to the database that all share, its tracker, its signals. */
  async function openWindow() {
    const hub = new SqliteHub(folder);
    const tracker = new JobTracker({
      hub,
      clock: systemClock,
      random: Math.random,
      clientFor: () => Promise.reject(new Error("nothing is asked for")),
      settings: { polling: false, pace: "normal", backgroundRate: 8, focused: true },
    });
    await tracker.start();
    const view = new View();
    const signals = new Signals(tracker, view as unknown as vscode.TreeView<unknown>, state, messages);
    const close = async () => {
      signals.dispose();
      await tracker.dispose();
      await hub.close();
    };
    open.push(close);
    /** Jobs come to this, as another window's polls find out. */
    const come = (phase: Phase, ...ids: string[]) => {
      const summary = { phase, status: phase, title: "HD", ...(phase !== "running" && { finishedAt: Date.now() }) };
      const at = Date.now();
      const call = {
        owner: "other",
        startedAt: at,
        at,
        answer: { summary, raw: "{}" },
        plan: { reason: "final" },
      } as const;
      return hub.save(ids.map((id) => ({ ...call, ref: ref(id) })));
    };
    return { hub, tracker, view, item: desk.items.at(-1)!, come, close };
  }

  async function track(window: Awaited<ReturnType<typeof openWindow>>, ...ids: string[]): Promise<void> {
    await window.tracker.track(ids.map(ref));
    await window.come("running", ...ids);
  }

  it("tell once of what finished together, in the focused window only, and never again after a reload", async () => {
    await settings.set("notifications", "all");
    const window = await openWindow();
    await track(window, "a", "b", "c", "d");
    desk.focused = false;
    await window.come("succeeded", "a", "b");
    await window.come("failed", "c");
    await allSaid();
    assert.deepEqual(desk.said, [], "a window without the focus says nothing");
    desk.focused = true;
    await window.tracker.setLabel(jobKey(ref("d")), "anything that happens");
    await until("something is said", () => desk.said.length > 0);
    await allSaid();
    assert.deepEqual(desk.said, ["warning: 3 VOD jobs finished, 1 with failures."]);
    await window.close();
    open.length = 0;
    const again = await openWindow();
    await again.come("succeeded", "d");
    await until("the last one is told of", () => desk.said.length > 1);
    await allSaid();
    assert.deepEqual(
      desk.said.slice(1),
      ["info: anything that happens: succeeded"],
      "the others were told of before the reload",
    );
  });

  it("tell of each job in one of two windows", async () => {
    await settings.set("notifications", "all");
    const windows = [await openWindow(), await openWindow()];
    const ids = Array.from({ length: 8 }, (_, n) => `job${n}`);
    await track(windows[0]!, ...ids);
    for (let n = 0; n < ids.length; n += 2) {
      await windows[n % 4 === 0 ? 0 : 1]!.come("succeeded", ids[n]!, ids[n + 1]!);
      await until("the pair is told of", () => desk.said.join().includes(ids[n + 1]!));
    }
    await allSaid();
    const told = desk.said.flatMap((text) => text.match(/job\d/g) ?? [text]);
    assert.deepEqual(told.sort(), ids);
  });

  it("hold what finishes meanwhile back for the next message", async () => {
    await settings.set("notifications", "all");
    const window = await openWindow();
    const ids = Array.from({ length: 12 }, (_, n) => `job${n}`);
    await track(window, ...ids);
    for (const id of ids) await window.come("succeeded", id);
    await allSaid();
    assert.ok(desk.said.length <= 2, desk.said.join("\n"));
    const counts = desk.said.map((text) => Number(/(\d+) VOD jobs/.exec(text)?.[1] ?? text.split("·").length));
    assert.equal(
      counts.reduce((sum, count) => sum + count),
      ids.length,
    );
  });

  for (const [setting, expected] of [
    ["all", ["warning: HD bad: failed · HD good: succeeded"]],
    ["failures", ["warning: HD bad: failed"]],
    ["off", []],
  ] as const) {
    it(`tell of what the setting "${setting}" says, and later not of the past`, async () => {
      await settings.set("notifications", setting);
      const window = await openWindow();
      await track(window, "good", "bad");
      await window.come("failed", "bad");
      await window.come("succeeded", "good");
      await allSaid();
      const said = desk.said.map((text) =>
        text.replace("HD good: succeeded · HD bad: failed", "HD bad: failed · HD good: succeeded"),
      );
      assert.deepEqual(said, expected);
      await settings.set("notifications", "all");
      await window.tracker.setLabel(jobKey(ref("good")), "anything that happens");
      await allSaid();
      assert.equal(desk.said.length, expected.length);
    });
  }

  it("have buttons: Open shows the failed job, Mute is for an hour, Don't Show Again for good", async () => {
    await settings.set("notifications", "all");
    const window = await openWindow();
    await track(window, "good", "bad", "muted", "unmuted", "last", "never");
    const press = (button: string) => {
      desk.answer = (buttons) => buttons.find((one) => one.startsWith(button));
    };
    press("Open");
    await window.come("succeeded", "good");
    await window.come("failed", "bad");
    await until("the job is opened", () => desk.ran.length > 0);
    assert.deepEqual(desk.ran, [["vodJobs.open", { key: jobKey(ref("bad")) }]]);

    await allSaid();
    press("Mute");
    await window.come("succeeded", "muted");
    await until("it is muted", () => flags.has("mutedUntil"));
    const hour = Number(flags.get("mutedUntil")) - Date.now();
    assert.ok(hour > 3_500_000 && hour <= 3_600_000, `${hour} ms`);
    const before = desk.said.length;
    await window.come("failed", "unmuted");
    await allSaid();
    assert.equal(desk.said.length, before, "muted");

    flags.set("mutedUntil", Date.now() - 1);
    press("Don't");
    await window.come("succeeded", "last");
    await until("it is turned off", () => settings.notifications() === "off");
    assert.match(desk.said.at(-1)!, /HD last/, "what finished while it was muted is not told of");
    await window.come("failed", "never");
    await allSaid();
    assert.equal(desk.said.length, before + 1);
  });

  it("count unseen failures in the badge until the view was looked at, else what is running", async () => {
    const window = await openWindow();
    const badge = () => window.view.badge;
    assert.equal(badge(), undefined);
    await track(window, "a", "b", "c");
    await until("three are running", () => badge()?.value === 3);
    assert.equal(badge()?.tooltip, "3 running");
    await window.come("failed", "a", "b");
    await until("two have failed", () => badge()?.value === 2);
    assert.match(badge()!.tooltip, /2 failed/);
    window.view.show(true);
    await allSaid();
    assert.equal(badge()?.value, 2, "while the view shows, failures can still be found");
    window.view.show(false);
    await until("they have been looked at", () => badge()?.value === 1);
    assert.equal(badge()?.tooltip, "1 running");
    await window.come("succeeded", "c");
    await until("nothing is left to say", () => badge() === undefined);
  });

  it("say in one status-bar item what is running and what failed; a click shows the view; it can be hidden", async () => {
    const window = await openWindow();
    const shown: boolean[] = [];
    const { item } = window;
    for (const [name, showing] of [
      ["show", true],
      ["hide", false],
    ] as const) {
      const real = item[name].bind(item);
      item[name] = () => {
        shown.push(showing);
        real();
      };
    }
    await track(window, "a", "b");
    await until("two are running", () => item.text === "$(sync) 2");
    await window.come("failed", "a");
    await until("one has failed", () => item.text === "$(sync) 1  $(error) 1");
    assert.equal(item.accessibilityInformation?.label, "VOD jobs: 1 running, 1 failed and not looked at");
    assert.equal(item.command, "vodJobs.showView");
    assert.equal(shown.at(-1), true);
    await settings.set("statusBar", false);
    await until("it is hidden", () => shown.at(-1) === false);
    await settings.set("statusBar", undefined);
    await until("it is back", () => shown.at(-1) === true);
    await window.tracker.untrack(["a", "b"].map((id) => jobKey(ref(id))));
    await until("with no jobs there is nothing to say", () => shown.at(-1) === false);
    assert.equal(desk.items.length, 1);
  });
});
