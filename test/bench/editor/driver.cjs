/**
 * What the editor benchmark does inside the extension host, asked for by HTTP on loopback (`BENCH_PORT`):
 *
 *   /activate?<place>   activates empty extensions and, as the one at that place, ours: milliseconds of each, and what the
 *                       host's memory grew by
 *   /pin, /unpin?<key>   changes one job by the command that a person uses
 *   /plain      changes one node of the plain tree, which is painted anew as a whole
 *
 * The last two answer with when they began, in milliseconds since 1970.
 */
const http = require("node:http");
const v8 = require("node:v8");
const vm = require("node:vm");
const vscode = require("vscode");

v8.setFlagsFromString("--expose-gc");
const collect = vm.runInNewContext("gc");

const own = "vod-job-tracker.vod-job-tracker";
const others = Array.from({ length: 5 }, (_, n) => `bench.empty${n}`);

/** As many rows as the first page of ours has. */
const rows = 200;
/** @type {vscode.EventEmitter<undefined>} */
const changed = new vscode.EventEmitter();
const nodes = Array.from({ length: rows }, (_, n) => ({ label: `Row ${n}`, turn: 0 }));

exports.activate = () => {
  vscode.window.createTreeView("bench.plain", {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: () => nodes,
      getTreeItem: ({ label, turn }) => {
        const item = new vscode.TreeItem(label);
        item.description = String(turn);
        return item;
      },
    },
  });
  http
    .createServer(async (request, response) => {
      const { pathname, search } = new URL(request.url ?? "", "http://localhost");
      response.end(JSON.stringify(await answers[pathname]?.(decodeURIComponent(search.slice(1)))));
    })
    .listen(Number(process.env.BENCH_PORT), "127.0.0.1");
};

/** @type {Record<string, (key: string) => unknown>} */
const answers = {
  "/activate": async (place) => {
    await pause(3_000); // the editor's own start is over
    const before = await memory();
    const activated = new Map();
    // One after the other: the first of all pays for what the collection above has thrown away.
    for (const id of others.toSpliced(Number(place), 0, own)) activated.set(id, await activate(id));
    await pause(4_000); // the database is read, a page at a time
    return {
      empty: others.map((id) => activated.get(id)),
      ours: activated.get(own),
      grown: (await memory()) - before,
    };
  },
  "/pin": (key) => run("vodJobs.pin", key),
  "/unpin": (key) => run("vodJobs.unpin", key),
  "/plain": () => {
    const [node] = nodes;
    if (node) node.turn++;
    const began = now();
    changed.fire(undefined);
    return { began };
  },
};

/**
 * Milliseconds until an extension is active, and until it has done what it put off to the host's next turn.
 * @param {string} id
 */
async function activate(id) {
  const begin = performance.now();
  await vscode.extensions.getExtension(id)?.activate();
  const active = performance.now() - begin;
  await new Promise((resolve) => setImmediate(resolve));
  return { active, done: performance.now() - begin };
}

/**
 * @param {string} command
 * @param {string} key
 */
async function run(command, key) {
  const began = now();
  await vscode.commands.executeCommand(command, { key });
  return { began };
}

/** Megabytes that the whole process holds, all its threads included, without garbage. */
async function memory() {
  for (let turn = 0; turn < 3; turn++) {
    collect();
    await pause(100);
  }
  return process.memoryUsage.rss() / 1e6;
}

const now = () => performance.timeOrigin + performance.now();
/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
