/**
 * Writes the tables of README.md and README.zh-CN.md that follow from other files, between markers as
 * `<!-- commands -->` … `<!-- /commands -->`: commands and settings from package.json, failures from the sentences that
 * the editor shows, measurements from what `npm run bench -- --json FILE` wrote.
 *
 *   node scripts/docs.mjs [--bench FILE]    writes them; without FILE the measurements stay as they are
 *   node scripts/docs.mjs --check           fails where they differ from what is there
 */
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "./tools.mjs";
import "../test/panel/editorStub.ts";

/** @typedef {import("../test/bench/row.ts").Row} Row */

/**
 * The documents, with the words that they need beside those of package.nls and of the bundle.
 * @type {Record<string, { nls: string, bundle?: string, words: Record<string, string> }>}
 */
export const DOCUMENTS = {
  "README.md": {
    nls: "package.nls.json",
    words: {
      command: "command",
      where: "where",
      key: "key",
      palette: "palette",
      view: "view",
      tree: "job's menu",
      row: "its row in the tree",
      editor: "editor's menu",
      setting: "setting",
      initially: "default",
      meaning: "meaning",
      empty: "empty",
      kind: "kind",
      says: "what you read",
      next: "what is offered",
      measured: "measured",
      ours: "here",
      peer: "compared with",
      goal: "goal",
      missed: "missed",
    },
  },
  "README.zh-CN.md": {
    nls: "package.nls.zh-cn.json",
    bundle: "l10n/bundle.l10n.zh-cn.json",
    words: {
      command: "命令",
      where: "位置",
      key: "快捷键",
      palette: "命令面板",
      view: "视图",
      tree: "任务菜单",
      row: "列表中的对应行",
      editor: "编辑器菜单",
      setting: "设置",
      initially: "默认值",
      meaning: "说明",
      empty: "空",
      kind: "类别",
      says: "您看到的提示",
      next: "可执行的操作",
      measured: "测量项",
      ours: "本扩展",
      peer: "对比项",
      goal: "目标",
      missed: "未达到",
    },
  },
};

/** @param {string} file */
const read = (file) => fs.readFileSync(path.join(ROOT, file), "utf8");
/** @param {string} file */
const readJson = (file) => JSON.parse(read(file));

const manifest = readJson("package.json");
const { contributes } = manifest;

/**
 * A Markdown table; `|` in a cell does not end it.
 * @param {string[]} heads
 * @param {string[][]} rows
 */
function table(heads, rows) {
  const line = (/** @type {string[]} */ cells) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replace(/\s*\n\s*/g, " ")).join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n");
}

/** @typedef {(document: string) => string | Promise<string>} Section what stands between two markers of a document */

/** @type {Record<string, Section>} */
const SECTIONS = { commands, settings, errors };

/** @type {Section} */
function commands(document) {
  const { words, nls } = documentOf(document);
  /** @param {string} menu @param {string} id */
  const entries = (menu, id) =>
    contributes.menus[menu].filter((/** @type {{ command: string }} */ entry) => entry.command === id);
  const rows = contributes.commands.map((/** @type {{ command: string, title: string }} */ { command, title }) => {
    const hidden = entries("commandPalette", command).some(
      (/** @type {{ when: string }} */ one) => one.when === "false",
    );
    const places = [
      hidden ? "" : words.palette,
      entries("view/title", command).length ? words.view : "",
      entries("view/item/context", command).length ? words.tree : "",
      entries("editor/context", command).length ? words.editor : "",
    ];
    const key = contributes.keybindings.find((/** @type {{ command: string }} */ one) => one.command === command);
    const keys = key ? [key.key, key.mac].map((one) => `\`${one}\``).join(" / ") : "";
    return [textOf(nls, title), places.filter(Boolean).join(", ") || words.row, keys, `\`${command}\``];
  });
  return table([words.command, words.where, `${words.key} (Windows, Linux / macOS)`, "id"], rows);
}

/** @type {Section} */
function settings(document) {
  const { words, nls } = documentOf(document);
  /** @typedef {{ default: unknown, order: number, enum?: string[], enumDescriptions?: string[], description?: string,
   *   markdownDescription?: string }} Setting */
  const all = /** @type {[string, Setting][]} */ (Object.entries(contributes.configuration.properties));
  const rows = all
    .sort(([, a], [, b]) => a.order - b.order)
    .map(([name, { default: initial, enum: values = [], enumDescriptions = [], ...setting }]) => {
      const meaning = textOf(nls, setting.markdownDescription ?? setting.description ?? "");
      const choices = values.map((value, index) => `\`${value}\`: ${textOf(nls, enumDescriptions[index] ?? "")}`);
      const shown = initial === "" ? words.empty : `\`${initial}\``;
      return [`\`${name}\``, shown, [meaning, ...choices].join("<br>")];
    });
  return table([words.setting, words.initially, words.meaning], rows);
}

/** @param {string} document */
async function errors(document) {
  const { words } = documentOf(document);
  await speak(document);
  const { problemSentence } = await import("../src/editor/sentences.ts");
  const { moment } = await import("../src/editor/words.ts");
  /** @type {[import("../src/editor/problem.ts").Problem["kind"], object?][]} */
  const kinds = [
    ["credentials", { searched: [{ place: "environment", where: "ALIBABA_CLOUD_ACCESS_KEY_ID", outcome: "absent" }] }],
    ["credentials", { code: "InvalidAccessKeyId.NotFound" }],
    ["expired-token"],
    ["permission", { code: "Forbidden.RAM", requestId: "…" }],
    ["not-found"],
    ["throttled"],
    ["network"],
    ["timeout"],
    ["clock-skew"],
    ["malformed"],
    ["invalid", { requestId: "…" }],
    ["service", { requestId: "…" }],
    ["full"],
    ["locked"],
    ["refused"],
    ["unexpected"],
  ];
  const now = 0;
  const rows = kinds.map(([kind, facts]) => {
    const { text, next } = problemSentence({ kind, message: "…", ...facts }, {}, now);
    const says = text.replace(moment(now, now), "…").replace(/ \([A-Z]\w+\.\w+\)/, "");
    return [`\`${kind}\``, says, next.map(({ title }) => `*${title}*`).join(", ")];
  });
  return table([words.kind, words.says, words.next], rows);
}

/**
 * Lets the code of the editor speak a document's language from now on.
 * @param {string} document
 */
async function speak(document) {
  const { l10n, env } = await import("../test/panel/vscode.ts");
  const { bundle } = documentOf(document);
  const texts = bundle ? readJson(bundle) : {};
  env.language = bundle ? "zh-cn" : "en";
  const fill = (/** @type {string} */ text, /** @type {unknown[]} */ args) =>
    text.replace(/\{(\d)\}/g, (_, place) => String(args[place]));
  spoken = (key, ...args) => {
    const text = typeof key === "string" ? key : key.message;
    return fill(texts[text] ?? text, args);
  };
  // The editor's code took the function when it was loaded.
  l10n.t = (key, ...args) => spoken(key, ...args);
}
/** @type {typeof import("../test/panel/vscode.ts").l10n.t} */
let spoken = String;

/**
 * The rows of a benchmark as a table.
 * @param {string} document
 * @param {Row[]} rows
 */
export function benchTable(document, rows) {
  const { words } = documentOf(document);
  const number = (/** @type {number} */ value) => Number(value.toPrecision(3)).toString();
  const cells = rows.map(({ name, ours, peer, unit, ratio, goal, holds }) => [
    name,
    `${number(ours)} ${unit}`,
    `${number(peer)} ${unit} (${number(ratio)})`,
    [goal ?? "", holds === false ? `**${words.missed}**` : ""].filter(Boolean).join(": "),
  ]);
  return table([words.measured, words.ours, words.peer, words.goal].map(String), cells);
}

/** @param {string} document */
function documentOf(document) {
  const found = DOCUMENTS[document];
  if (!found) throw new Error(`${document} is none of the documents`);
  const words = /** @type {Record<string, string>} */ (found.words);
  return { words: /** @type {Record<string, any>} */ (words), nls: readJson(found.nls), bundle: found.bundle };
}

/**
 * @param {Record<string, string>} nls
 * @param {string} text `%key%`
 */
const textOf = (nls, text) => text.replace(/^%(.+)%$/, (_, key) => nls[key] ?? key);

/**
 * Puts a text between the markers of its name.
 * @param {string} document the whole text
 * @param {string} name
 * @param {string} content
 * @throws where the markers are missing
 */
export function fillSection(document, name, content) {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [document.indexOf(open), document.indexOf(close)];
  if (from < 0 || to < from) throw new Error(`The markers ${open} and ${close} are missing.`);
  return `${document.slice(0, from + open.length)}\n\n${content}\n\n${document.slice(to)}`;
}

/**
 * A document as it should be.
 * @param {string} document its file
 * @param {Row[]} [bench] fresh measurements; without them those that are there stay
 */
export async function makeDocument(document, bench) {
  let text = read(document);
  for (const [name, section] of Object.entries(SECTIONS)) text = fillSection(text, name, await section(document));
  return bench ? fillSection(text, "bench", benchTable(document, bench)) : text;
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({ options: { check: { type: "boolean", default: false }, bench: { type: "string" } } });
  const bench = values.bench ? JSON.parse(fs.readFileSync(values.bench, "utf8")) : undefined;
  for (const document of Object.keys(DOCUMENTS)) {
    const text = await makeDocument(document, bench);
    if (text === read(document)) continue;
    if (values.check) {
      console.error(`${document} is not up to date. Run: node scripts/docs.mjs`);
      process.exitCode = 1;
    } else fs.writeFileSync(path.join(ROOT, document), text);
  }
}
