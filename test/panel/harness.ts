/**
 * The panel as it ships, without VS Code: its built script and style under the host's own HTML and policy in a headless
 * Chromium, and its host half (`JobPanel`) in this process, with `vscode.ts` for an editor. What VS Code adds to a page
 * (theme variables, classes, default styles, `acquireVsCodeApi`) is added as VS Code does.
 */
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { PanelSource } from "../../src/editor/panel/source.ts";
import type { Observation, TrackedJob } from "../../src/jobs/types.ts";
import type { ToHost, ToPanel } from "../../src/panel/protocol.ts";
import type { JobAnswer, JobRef } from "../../src/vod/types.ts";
import { openBrowser } from "../host/browser.mjs";
import "./editorStub.ts";
import * as vscode from "./vscode.ts";

const { JobPanel } = await import("../../src/editor/panel/jobPanel.ts");
const { Topologies } = await import("../../src/editor/panel/topologies.ts");

const root = path.resolve(import.meta.dirname, "../..");
/** Pictures for people to look at; ignored by git. */
export const pictures = path.join(root, "out/pictures");

export type Theme = "dark" | "light" | "high-contrast-dark" | "high-contrast-light";
export const themes: readonly Theme[] = ["dark", "light", "high-contrast-dark", "high-contrast-light"];
const themeFacts: Record<Theme, { classes: string; kind: string; colors: Record<string, string | null> }> = JSON.parse(
  fs.readFileSync(path.join(import.meta.dirname, "themes.json"), "utf8"),
);

/** What a panel shows, as a test says. Change it and call `source.changed()`. */
export interface Situation {
  ref: JobRef;
  job?: TrackedJob;
  answer?: JobAnswer;
  history?: readonly Observation[];
  previous?: JobAnswer;
  /** The text of an attached topology. */
  topology?: string;
  /** What asking the service does; by default nothing. */
  refresh?: (signal: AbortSignal) => Promise<unknown>;
  /** What `GetTranscodeTask` says; by default nobody can ask. */
  transcode?: PanelSource["transcode"];
  /** What the page kept from an earlier time. */
  state?: unknown;
}

export interface OpenPanel {
  readonly page: Page;
  readonly panel: InstanceType<typeof JobPanel>;
  readonly situation: Situation;
  /** Messages of both directions, in order. */
  readonly said: (ToHost | ToPanel)[];
  /** Violations of the policy, errors and warnings of the page. */
  readonly faults: string[];
  /** The job changed: the panel reads it again, and its page has drawn it when this resolves. */
  changed(): Promise<void>;
  /** Sends any message to the page, as a stranger could. */
  post(message: unknown): Promise<void>;
  picture(name: string): Promise<void>;
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
  readonly forcedColors?: "active" | "none";
  readonly timezoneId?: string;
}

/** Builds the page's files as `scripts/build.mjs` does, into memory. */
export async function buildPage(): Promise<{ readonly script: string; readonly style: string; readonly gzip: number }> {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [
      { in: "src/panel/main.ts", out: "panel" },
      { in: "src/panel/panel.css", out: "panel" },
    ],
    bundle: true,
    charset: "utf8",
    format: "iife",
    legalComments: "none",
    minify: true,
    outdir: "dist",
    platform: "browser",
    target: "chrome128",
    write: false,
  });
  const text = (end: string) => outputFiles.find((file) => file.path.endsWith(end))!.text;
  const [script, style] = [text(".js"), text(".css")];
  return { script, style, gzip: gzipSync(script).length + gzipSync(style).length };
}

/** A browser and a server for the page. Close it when done. */
export class Harness {
  readonly #browser: Browser;
  readonly #server: http.Server;
  readonly #pages = new Map<string, string>();
  readonly origin: string;
  readonly gzip: number;

  private constructor(browser: Browser, server: http.Server, gzip: number) {
    this.#browser = browser;
    this.#server = server;
    this.origin = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
    this.gzip = gzip;
  }

  static async open(): Promise<Harness> {
    const built = await buildPage();
    const server = http.createServer((request, response) => {
      const { pathname } = new URL(request.url ?? "/", "http://localhost");
      const files: Record<string, readonly [string, string]> = {
        "/dist/panel.js": ["text/javascript", built.script],
        "/dist/panel.css": ["text/css", built.style],
      };
      const [type, body] = files[pathname] ?? ["text/html", harness.#pages.get(pathname)];
      response.writeHead(body === undefined ? 404 : 200, { "content-type": `${type}; charset=utf-8` }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { browser, context } = await openBrowser();
    await context.close();
    const harness = new Harness(browser, server, built.gzip);
    return harness;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async show(situation: Situation, options: OpenOptions = {}): Promise<OpenPanel> {
    const { theme = "dark", width = 1180, height = 760, forcedColors = "none", timezoneId = "UTC" } = options;
    const context = await this.#browser.newContext({
      viewport: { width, height },
      reducedMotion: "reduce",
      forcedColors,
      timezoneId,
      colorScheme: theme.endsWith("light") ? "light" : "dark",
    });
    const page = await context.newPage();
    const said: (ToHost | ToPanel)[] = [];
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(`${error}`));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) faults.push(message.text());
    });

    const fromPage = new vscode.EventEmitter<unknown>();
    const stateChanged = new vscode.EventEmitter<unknown>();
    const disposed = new vscode.EventEmitter<void>();
    const post = async (message: unknown) => {
      // As VS Code does: what goes to a page goes as JSON.
      const json = JSON.stringify(message);
      await page.evaluate((text) => window.postMessage(text && JSON.parse(text), "*"), json).catch(() => {});
    };
    const webview = {
      options: {},
      html: "",
      cspSource: this.origin,
      asWebviewUri: (uri: vscode.Uri) => new vscode.Uri(`${this.origin}/dist/${uri.path.split("/").at(-1)}`),
      onDidReceiveMessage: fromPage.event,
      postMessage: async (text: string) => {
        said.push(JSON.parse(text));
        await post(text);
        return true;
      },
    };
    const webviewPanel = {
      webview,
      title: "",
      visible: true,
      active: true,
      reveal() {},
      onDidChangeViewState: stateChanged.event,
      onDidDispose: disposed.event,
      dispose: () => disposed.fire(),
    };
    const kept = new Map<string, unknown>();
    const detail = situation.answer?.detail;
    if (situation.topology && detail?.type === "workflow") {
      kept.set(`topology:${detail.workflow?.workflowId}`, situation.topology);
    }
    const values = {
      get: <T>(key: string) => kept.get(key) as T | undefined,
      update: async (key: string, value: unknown) => void kept.set(key, value),
    };
    await addEditor(context, theme, situation.state);
    await page.exposeFunction("toHost", (json: string) => {
      const message = JSON.parse(json);
      said.push(message);
      fromPage.fire(message);
    });
    const panel = new JobPanel(
      webviewPanel as never,
      situation.ref,
      {
        extensionUri: new vscode.Uri("") as never,
        source: sourceOf(situation),
        actions: {
          showRaw: () => vscode.asked.push(["showRaw"]),
          showProblem: (error) => vscode.asked.push(["showProblem", String(error)]),
          problemSentence: (problem) => ({
            text: `The service cannot be reached (${problem.code}). Tracked jobs are kept.`,
            next: [{ title: "Show Log", command: "vodJobs.showLog" }],
          }),
        },
        kept: values,
        log: { debug() {}, info() {}, warn: (line) => faults.push(line), error: (line) => faults.push(line) },
      },
      new Topologies(values),
      () => {},
    );
    const address = `/${this.#pages.size}`;
    this.#pages.set(address, webview.html);
    await page.goto(this.origin + address);
    await settled(page);
    return {
      page,
      panel,
      situation,
      said,
      faults,
      post,
      changed: async () => {
        await panel.changed();
        await settled(page);
      },
      picture: async (name) => {
        fs.mkdirSync(pictures, { recursive: true });
        await page.screenshot({ path: path.join(pictures, `${name}.png`) });
      },
      close: async () => {
        panel.dispose();
        await context.close();
      },
    };
  }
}

function sourceOf(situation: Situation): PanelSource {
  return {
    job: () => situation.job,
    answer: () => situation.answer,
    history: () => situation.history,
    previousRun: () => situation.previous,
    refresh: (_, signal) => situation.refresh?.(signal) ?? Promise.resolve(),
    onDidChange: () => ({ dispose() {} }),
    transcode: situation.transcode,
  };
}

/** Messages on their way have come, and what they changed is painted. */
export async function settled(page: Page): Promise<void> {
  for (let round = 0; round < 2; round++) {
    await page.evaluate(() => new Promise<void>((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** What VS Code puts into a page before its own scripts run. */
async function addEditor(context: BrowserContext, theme: Theme, state: unknown): Promise<void> {
  await context.addInitScript(
    ({ classes, kind, colors, kept }) => {
      const w = window as unknown as Record<string, unknown>;
      let current: unknown = kept;
      w.acquireVsCodeApi = () => ({
        postMessage: (message: unknown) => (w.toHost as (json: string) => void)(JSON.stringify(message)),
        getState: () => current,
        setState: (next: unknown) => {
          current = JSON.parse(JSON.stringify(next));
          w.keptState = current;
        },
      });
      const dress = () => {
        const { documentElement: html, body } = document;
        if (!html || !body) return;
        observer.disconnect();
        for (const [name, color] of Object.entries(colors)) if (color !== null) html.style.setProperty(name, color);
        body.className = classes;
        body.dataset.vscodeThemeKind = kind;
      };
      const observer = new MutationObserver(dress);
      observer.observe(document, { childList: true, subtree: true });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`@layer vscode-default { html { scrollbar-color: #7978 transparent; }
        body { overscroll-behavior-x: none; background-color: transparent; margin: 0; padding: 0 20px; }
        code { color: #a31515; background-color: #80808040; padding: 1px 3px; border-radius: 4px; } }`);
      document.adoptedStyleSheets = [sheet];
      document.addEventListener("securitypolicyviolation", (event) =>
        console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`),
      );
    },
    { ...themeFacts[theme], kept: state },
  );
}
