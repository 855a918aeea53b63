import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { SuiteContext, TestContext } from "node:test";
import type { BrowserContext, BrowserContextOptions } from "playwright-core";
import { openBrowser } from "../host/browser.mjs";
import { type CodeServer, installExtension, makeProfile, type Profile, startCodeServer } from "../host/codeServer.mjs";
import { Workbench } from "./workbench.ts";

export const PICTURES = path.resolve(import.meta.dirname, "../../out/pictures");

/** The settings editor opens as a tab, not on top of everything: {@link Workbench.writeSettings} types into it. */
const TABS_ONLY = { "workbench.editor.useModal": "off" };

const RESTRICTED = { "security.workspace.trust.enabled": true, "security.workspace.trust.startupPrompt": "never" };

export interface VsCodeOptions {
  /** The workspace's files: name → text. */
  readonly files?: Readonly<Record<string, string>>;
  /** User settings, beside the quiet ones of `test/host/settings.json`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Settings of `"scope": "machine"`, such as `vodJobs.demo.startAutomatically`. */
  readonly machineSettings?: Readonly<Record<string, unknown>>;
  /** The packaged extension; `npm test` names it in `VOD_JOBS_VSIX`. */
  readonly vsix?: string;
  /** Where profile and workspace live; a temporary folder, removed at the end, if not given. */
  readonly home?: string;
  /** The workspace is one that nobody said to trust, and the person is not asked. Else every workspace is trusted. */
  readonly untrusted?: boolean;
  /** Environment of the extension host, beside this process's own. */
  readonly env?: Record<string, string>;
  /** The window: viewport, locale, forcedColors, … */
  readonly browser?: BrowserContextOptions;
}

/** A real VS Code, with a profile and workspace of its own and the packaged extension installed as a person installs it. */
export class VsCode {
  readonly workspace: string;
  readonly profile: Profile;
  readonly server: CodeServer;
  readonly #context: BrowserContext;
  readonly #windows: Workbench[] = [];
  readonly #temporary: string | undefined;

  private constructor(home: string, profile: Profile, server: CodeServer, context: BrowserContext, temporary?: string) {
    this.workspace = path.join(home, "workspace");
    this.profile = profile;
    this.server = server;
    this.#context = context;
    this.#temporary = temporary;
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, this.#onSignal);
  }

  /** The server is a process group of its own: an interrupted run takes it along. */
  readonly #onSignal = (): void => void this.close().finally(() => process.exit(1));

  /** Starts VS Code; open its first window with {@link openWindow}. */
  static async start(options: VsCodeOptions = {}): Promise<VsCode> {
    const temporary = options.home ? undefined : fs.mkdtempSync(path.join(os.tmpdir(), "vod-jobs-e2e-"));
    const home = options.home ?? temporary!;
    const profile = { userDataDir: path.join(home, "user-data"), extensionsDir: path.join(home, "extensions") };
    const trust = options.untrusted ? RESTRICTED : {};
    makeProfile(profile, { ...TABS_ONLY, ...trust, ...options.settings }, options.machineSettings);
    writeFiles(path.join(home, "workspace"), options.files ?? {});
    const vsix = options.vsix ?? process.env.VOD_JOBS_VSIX;
    if (!vsix) throw new Error("VOD_JOBS_VSIX names no package. Run: npm test -- e2e");
    installExtension(profile, vsix);
    const server = await startCodeServer(profile, {
      log: path.join(home, "server.log"),
      trust: options.untrusted,
      env: options.env,
    });
    const { browser, context, page } = await openBrowser(options.browser);
    await page.close(); // windows open their own
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: server.url });
    context.once("close", () => browser.close());
    return new VsCode(home, profile, server, context, temporary);
  }

  /** Opens a window on the workspace: the first, or one more on the same profile, with an extension host of its own. */
  async openWindow(): Promise<Workbench> {
    const page = await this.#context.newPage();
    const window = new Workbench(page, {
      pictures: PICTURES,
      settings: path.join(this.profile.userDataDir, "User/settings.json"),
    });
    this.#windows.push(window);
    await window.open(`${this.server.url}/?folder=${encodeURIComponent(this.workspace)}`);
    return window;
  }

  /** Writes files into the workspace: name → text. */
  writeFiles(files: Readonly<Record<string, string>>): void {
    writeFiles(this.workspace, files);
  }

  /** Everything that the extension has logged in any window, as text. */
  readLogs(): string {
    const logs = path.join(this.profile.userDataDir, "logs");
    return fs
      .globSync("**/vod-job-tracker.vod-job-tracker/*.log", { cwd: logs })
      .map((file) => fs.readFileSync(path.join(logs, file), "utf8"))
      .join("");
  }

  /** For `afterEach`: saves a picture of every window when the test that just ended has failed. */
  async keepFailure(test: SuiteContext | (TestContext & { readonly passed?: boolean })): Promise<void> {
    if (!("passed" in test) || test.passed) return;
    const name = `failure ${test.fullName}`.replaceAll(/[^\w]+/g, "-");
    for (const [index, window] of this.#windows.entries()) {
      const picture = await window.picture(index ? `${name}-${index + 1}` : name).catch(String);
      console.error(`picture of the failure: ${picture}`);
    }
  }

  /** Ends browser and server, and removes what was temporary. */
  async close(): Promise<void> {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, this.#onSignal);
    await this.#context.close();
    await this.server.stop();
    if (this.#temporary) removeFolder(this.#temporary);
  }
}

/** Removes a folder that a server worked in: what it started may write there for a moment after its end. */
export function removeFolder(folder: string): void {
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  fs.mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
}
