import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { build } from "../../scripts/build.mjs";
import { jobKey } from "../../src/jobs/key.ts";
import { SqliteHub } from "../../src/jobs/sqlite/hub.ts";
import type { JobRef } from "../../src/vod/types.ts";
import { openBrowser } from "../host/browser.mjs";
import { type CodeServer, makeProfile, startCodeServer } from "../host/codeServer.mjs";
import { setUpHost } from "../host/setup.mjs";
import { type Row, row } from "./row.ts";

const ROOT = join(import.meta.dirname, "../..");
const DRIVER = join(import.meta.dirname, "editor");
/** Of the editor. Ours is activated at each place among the empty extensions equally often. */
const starts = 12;
const emptyExtensions = 5;
const changesAStart = 3;
const jobs = 10_000;
const driverPort = 48_311;

/** How long an extension took to be active, and to do what it put off to the next turn; milliseconds. */
interface Activation {
  readonly active: number;
  readonly done: number;
}

/** What one start of the extension host gave: milliseconds, and megabytes. */
interface Start {
  readonly activation: { readonly empty: readonly Activation[]; readonly ours: Activation; readonly grown: number };
  readonly opening: { readonly ours: number; readonly plain: number };
  readonly changes: readonly { readonly ours: number; readonly plain: number }[];
}

/**
 * The extension in the pinned VS Code with 10,000 tracked jobs, beside empty extensions and a plain tree: activation, the
 * host's memory, opening the view, and one change. Every start is a new extension host.
 */
export async function run(): Promise<Row[]> {
  setUpHost(() => {});
  const home = mkdtempSync(join(tmpdir(), "bench-editor-"));
  const profile = { userDataDir: join(home, "user-data"), extensionsDir: join(home, "extensions") };
  let server: CodeServer | undefined;
  let browser: Browser | undefined;
  try {
    makeProfile(profile);
    await installUnpacked(profile.extensionsDir);
    const keys = await fill(join(profile.userDataDir, "User/globalStorage/vod-job-tracker.vod-job-tracker"));
    const env = { BENCH_PORT: String(driverPort) };
    server = await startCodeServer(profile, { log: join(home, "server.log"), env });
    const opened = await openBrowser();
    browser = opened.browser;
    const measured: Start[] = [];
    // The first start fills the editor's caches: it is not counted.
    for (let n = -1; n < starts; n++) {
      const page = await opened.context.newPage();
      const start = await measureStart(page, server.url, keys, n);
      if (n >= 0) measured.push(start);
      await page.close();
    }
    return rowsOf(measured);
  } finally {
    await browser?.close();
    await server?.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

function rowsOf(starts: readonly Start[]): Row[] {
  const grown = row(
    `memory: extension host with ${jobs} jobs, beside what it was`,
    starts.map(({ activation }) => activation.grown),
    [40],
    "MB",
  );
  const changes = starts.flatMap((start) => start.changes);
  const own = starts.map(({ activation }) => activation.ours);
  const empty = starts.flatMap(({ activation }) => activation.empty);
  const active = (all: readonly Activation[]) => all.map((one) => one.active);
  const done = (all: readonly Activation[]) => all.map((one) => one.done);
  return [
    row("activation: beside an empty extension's", active(own), active(empty), "ms", { most: 2 }),
    // The peer has nothing to make, so there is no goal: it is here to hide nothing of what activation puts off.
    row("activation: until tree, links and panels are registered, too", done(own), done(empty), "ms"),
    { ...grown, goal: "≤ 40 MB", holds: grown.ours <= 40 },
    row(
      `tree: ${jobs} jobs, view opened until its first page shows, beside a plain tree of 200 rows`,
      starts.map(({ opening }) => opening.ours),
      starts.map(({ opening }) => opening.plain),
      "ms",
      { most: 2 },
    ),
    row(
      `tree: ${jobs} jobs, one pinned until it shows in its new group, beside a plain tree of 200 rows painted anew`,
      changes.map(({ ours }) => ours),
      changes.map(({ plain }) => plain),
      "ms",
      { most: 2 },
    ),
  ];
}

/** Ours as it is shipped, five empty extensions and the driver, none of them activated by the editor itself but the last. */
async function installUnpacked(folder: string): Promise<void> {
  const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const ours = join(folder, `${manifest.publisher}.${manifest.name}-${manifest.version}`);
  for (const part of ["media", "l10n", "package.nls.json"])
    cpSync(join(ROOT, part), join(ours, part), { recursive: true });
  write(ours, "package.json", JSON.stringify({ ...manifest, activationEvents: [] }));
  await build({ outDir: join(ours, "dist") });
  for (let n = 0; n < emptyExtensions; n++) {
    const name = `empty${n}`;
    const own = { name, publisher: "bench", version: "0.0.0", main: "./main.cjs", engines: manifest.engines };
    write(join(folder, `bench.${name}-0.0.0`), "package.json", JSON.stringify({ ...own, activationEvents: [] }));
    write(join(folder, `bench.${name}-0.0.0`), "main.cjs", "exports.activate = () => {};\n");
  }
  cpSync(DRIVER, join(folder, "bench.bench-driver-0.0.0"), { recursive: true });
}

function write(folder: string, name: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), text);
}

/** Tracks jobs that all have ended, so that nothing is called. Gives the keys of the last ones. */
async function fill(folder: string): Promise<string[]> {
  const hub = new SqliteHub(folder);
  const now = Date.now();
  const refs = Array.from({ length: jobs }, (_, n): JobRef => {
    return { account: "default", region: "cn-shanghai", type: "transcode", id: n.toString(16).padStart(32, "0") };
  });
  for (let n = 0; n < jobs; n += 1_000) {
    const some = refs.slice(n, n + 1_000);
    await hub.add(
      some.map((ref) => ({ ref, plan: { at: now, reason: "first" } })),
      now,
    );
    const summary = { phase: "failed" as const, status: "TranscodeFail", createdAt: now - 60_000, finishedAt: now };
    const raw = JSON.stringify({ RequestId: "R", TranscodeJobDetail: { Status: "TranscodeFail" } });
    const answered = { owner: "bench", startedAt: now, at: now, answer: { summary, raw } };
    await hub.save(some.map((ref) => ({ ...answered, ref, plan: { reason: "final" } })));
  }
  await hub.takeDigest();
  await hub.close();
  return refs.slice(-changesAStart).map(jobKey);
}

async function measureStart(page: Page, url: string, keys: readonly string[], turn: number): Promise<Start> {
  await page.goto(url, { timeout: 90_000 });
  const activation = await ask<Start["activation"]>(`/activate?${Math.max(0, turn) % (emptyExtensions + 1)}`);
  const opening = { ours: 0, plain: 0 };
  const views = [
    ["ours", "VOD Jobs"],
    ["plain", "Plain Tree"],
  ] as const;
  for (const [who, title] of turn % 2 === 0 ? views : views.toReversed()) opening[who] = await timeOpening(page, title);
  const changes: { ours: number; plain: number }[] = [];
  for (const key of keys) {
    await open(page, "Plain Tree");
    const plain = await timeChange(page, () => ask("/plain"));
    await open(page, "VOD Jobs");
    const ours = await timeChange(page, () => ask(`/pin?${encodeURIComponent(key)}`));
    await timeChange(page, () => ask(`/unpin?${encodeURIComponent(key)}`));
    changes.push({ ours, plain });
  }
  return { activation, opening, changes };
}

/** Asks the driver, which needs a moment to be there. */
async function ask<T>(path: string): Promise<T> {
  for (const end = Date.now() + 60_000; ; await new Promise((resolve) => setTimeout(resolve, 200))) {
    try {
      return (await (await fetch(`http://127.0.0.1:${driverPort}${path}`)).json()) as T;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

const rowsInView = ".composite.viewlet .monaco-list-row";

async function open(page: Page, title: string): Promise<void> {
  const icon = page.locator(`.activitybar .action-item:has(a.action-label[aria-label^="${title}"])`);
  if (!(await icon.getAttribute("class"))?.includes("checked")) await icon.click();
  await page.locator(rowsInView).nth(10).waitFor();
}

/** Milliseconds from the click on a view's icon until its rows fill what is to be seen of it. */
function timeOpening(page: Page, title: string): Promise<number> {
  return page.evaluate(
    ([title, rows]) =>
      new Promise<number>((resolve) => {
        const icon = document.querySelector<HTMLElement>(`.activitybar a.action-label[aria-label^="${title}"]`)!;
        const begin = performance.now();
        const look = () => {
          const shown = [...document.querySelectorAll(rows)].filter((row) => row.clientHeight > 0);
          const view = document.querySelector(".composite.viewlet")?.getAttribute("id");
          if (shown.length > 10 && view !== before) resolve(performance.now() - begin);
          else requestAnimationFrame(look);
        };
        const before = document.querySelector(".composite.viewlet")?.getAttribute("id");
        icon.click();
        look();
      }),
    [title, rowsInView] as const,
  );
}

/** Milliseconds from a change in the extension host until the rows say so. */
async function timeChange(page: Page, change: () => Promise<{ began: number }>): Promise<number> {
  const seen = page.evaluate(
    (rows) =>
      new Promise<number>((resolve) => {
        const text = () => [...document.querySelectorAll(rows)].map((row) => row.ariaLabel + row.textContent!).join();
        const before = text();
        const look = () => {
          if (text() !== before) resolve(performance.timeOrigin + performance.now());
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      }),
    rowsInView,
  );
  await page.waitForTimeout(100);
  const { began } = await change();
  return (await seen) - began;
}
