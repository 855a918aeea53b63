import http from "node:http";
import path from "node:path";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import type { Page } from "playwright-core";
import { openBrowser } from "../host/browser.mjs";
import { Harness, type OpenPanel, settled } from "../panel/harness.ts";
import { answerOf, makeRun, refOf, situationOf, topologyOf } from "../panel/runs.ts";
import { median } from "./rounds.ts";
import type { Row } from "./row.ts";

const count = 10_000;
const rounds = 5;
const burst = 10;

/**
 * What the panel's page costs, beside React Flow with the same 10,000 activities at the same places in the same browser,
 * both under a policy that allows one script and one style: size, time from message to paint, one change, elements.
 *
 * One change writes a row's class and texts and the numbers above; both are layout boundaries, so that the browser lays
 * out some five boxes and not the page. The overview beside the rows is drawn 200 ms after the first change it has not
 * shown, once for all until then: a burst pays for it a few times, not every time.
 */
export async function run(): Promise<Row[]> {
  const harness = await Harness.open();
  const flow = await openFlow();
  try {
    const made = makeRun(count, { failEvery: 97 });
    const panel = await harness.show(situationOf(made));
    const snapshot = panel.said.find((message) => message.type === "snapshot")!;
    await panel.page.click("#steps");
    await settled(panel.page);
    const { layout } = panel.said.find((message) => message.type === "steps")!;
    await panel.page.click("#timeline");
    const nodes = layout.names.map((name, at) => ({
      id: name,
      position: { x: layout.x[at]!, y: layout.y[at]! },
      data: { label: name },
      width: layout.cardWidth,
      height: layout.cardHeight,
    }));
    const edges = layout.edges.map(({ from, to }, at) => ({
      id: `${at}`,
      source: layout.names[from]!,
      target: layout.names[to]!,
    }));

    const paint = { ours: [] as number[], flow: [] as number[] };
    const change = { ours: [] as number[], flow: [] as number[] };
    let rev = snapshot.rev + 1000;
    let flowPage = await flow.page();
    await timeMessage(flowPage, { nodes, edges, visibleOnly: true });
    for (let round = 0; round < rounds; round++) {
      rev++;
      paint.ours.push(await timeMessage(panel.page, { ...snapshot, rev }));
      // React Flow measures and remembers nodes: only a fresh page paints them as if they had just come.
      await flowPage.close();
      flowPage = await flow.page();
      paint.flow.push(await timeMessage(flowPage, { nodes, edges, visibleOnly: true }));
    }
    // Only now: after a paint of everything, a page is busy for a while with what it left behind. In bursts, as changes come.
    for (let round = 0; round < rounds; round++) {
      for (let turn = 0; turn < burst; turn++) {
        rev++;
        const activity = { ...snapshot.activities[5]!, phase: turn % 2 ? "succeeded" : "failed", word: `Turn ${rev}` };
        const ops = [{ op: "put", activity, place: 5 }];
        change.ours.push(await timeMessage(panel.page, { type: "patch", rev, ops }));
      }
      for (let turn = 0; turn < burst; turn++) {
        const label = `${nodes[5]!.id} ${round} ${turn}`;
        const told = { change: { id: nodes[5]!.id, label, className: turn % 2 ? "good" : "bad" } };
        change.flow.push(await timeMessage(flowPage, told));
      }
    }
    const elements = await mostElements(panel);
    await flowPage.close();
    flowPage = await flow.page();
    await timeMessage(flowPage, { nodes, edges, visibleOnly: false });
    const flowElements = await flowPage.locator("*").count();

    const violations = panel.faults.length + (await liveFaults(harness));
    return [
      goal(row("panel: script and style, gzip", harness.gzip, flow.gzip, "bytes"), "≤ 15,000", harness.gzip <= 15_000),
      ratioRow("panel: 10,000 activities, message to painted", paint, 1 / 25, "1/25"),
      ratioRow("panel: one status change among 10,000", change, 1 / 10, "1/10"),
      goal(
        row("panel: elements at 10,000, most of three views", elements, flowElements, "elements"),
        "≤ 1 %",
        elements <= flowElements / 100,
      ),
      goal(row("panel: faults (policy, errors, refused messages)", violations, 0, "faults"), "0", violations === 0),
    ];
  } finally {
    await harness.close();
    await flow.close();
  }
}

function row(name: string, ours: number, peer: number, unit: string): Row {
  return { name, ours, peer, unit, ratio: ours / peer };
}

function goal(row: Row, goal: string, holds: boolean): Row {
  return { ...row, goal, holds };
}

function ratioRow(name: string, times: { ours: number[]; flow: number[] }, most: number, words: string): Row {
  const made = row(name, median(times.ours), median(times.flow), "ms");
  return goal(made, `≤ ${words}`, made.ratio <= most);
}

/** Milliseconds from a message, in JSON, being sent to a page until what it changed is laid out. */
async function timeMessage(page: Page, message: unknown): Promise<number> {
  return page.evaluate(
    (data) =>
      new Promise<number>((resolve) => {
        const begin = performance.now();
        // Listeners run in order: ours is added last, after the page's own has drawn or left its drawing to a microtask.
        window.addEventListener("message", () => queueMicrotask(() => afterPaint()), { once: true });
        window.postMessage(data, "*");
        function afterPaint() {
          // The layout that the next frame would do is done here, so that it is counted and the wait for a frame is not.
          document.body.getBoundingClientRect();
          const channel = new MessageChannel();
          channel.port1.onmessage = () => {
            document.body.getBoundingClientRect();
            resolve(performance.now() - begin);
          };
          channel.port2.postMessage(null);
        }
      }),
    JSON.stringify(message),
  );
}

async function mostElements({ page }: OpenPanel): Promise<number> {
  let most = 0;
  for (const view of ["timeline", "steps", "table"]) {
    await page.click(`#${view}`);
    await settled(page);
    most = Math.max(most, await page.locator("*").count());
  }
  return most;
}

/** Faults of a panel whose run goes on, in each view. */
async function liveFaults(harness: Harness): Promise<number> {
  const run = makeRun(60);
  const answer = answerOf(run, { status: "Processing", finished: false, from: Date.now() - 60_000 });
  const panel = await harness.show({ ref: refOf("workflow", "live"), answer, topology: topologyOf(run) });
  await mostElements(panel);
  const faults = panel.faults.length;
  await panel.close();
  return faults;
}

/** React Flow in pages of a server of its own. */
async function openFlow() {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: import.meta.dirname,
    entryPoints: [
      { in: "flow.ts", out: "flow" },
      { in: "node_modules/@xyflow/react/dist/style.css", out: "flow" },
    ],
    bundle: true,
    define: { "process.env.NODE_ENV": '"production"' },
    format: "iife",
    legalComments: "none",
    minify: true,
    outdir: "out",
    target: "chrome128",
    write: false,
  });
  const text = (end: string) => outputFiles.find((file) => path.extname(file.path) === end)!.text;
  const [script, style] = [text(".js"), text(".css")];
  const frame = "html, body, #root { height: 100%; margin: 0 } .bad { color: red } .good { color: green }";
  const server = http.createServer((request, response) => {
    const policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'";
    const html = `<!DOCTYPE html><meta charset="utf-8"><link rel="stylesheet" href="flow.css"><div id="root"></div><script src="flow.js"></script>`;
    const files: Record<string, readonly [string, string]> = {
      "/flow.js": ["text/javascript", script],
      "/flow.css": ["text/css", style + frame],
    };
    const [type, body] = files[request.url ?? ""] ?? ["text/html", html];
    response.writeHead(200, { "content-type": `${type}; charset=utf-8`, "content-security-policy": policy }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { browser, context } = await openBrowser({ viewport: { width: 1180, height: 760 } });
  return {
    gzip: gzipSync(script).length + gzipSync(style).length,
    page: async (): Promise<Page> => {
      const page = await context.newPage();
      await page.goto(`http://127.0.0.1:${(server.address() as { port: number }).port}/`);
      await page.waitForSelector(".react-flow__pane");
      return page;
    },
    close: async () => {
      await browser.close();
      server.close();
      server.closeAllConnections();
    },
  };
}
