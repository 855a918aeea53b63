/**
 * Checks that people who do not read English miss nothing, and helps to translate.
 *
 *   node scripts/l10n.mjs            brings every bundle in line with the source: new keys come with an empty text
 *   node scripts/l10n.mjs --check    only tells what is wrong
 *
 * The English text of a call of `l10n.t` is the key of its translation in `l10n/bundle.l10n.<language>.json`; texts of
 * package.json are in `package.nls.json` and `package.nls.<language>.json`.
 */
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import ts from "typescript";
import { ROOT } from "./tools.mjs";

/** @typedef {{ file: string, line: number, text: string }} Place a text in a source file */

/** What is the same in every language: names, units of the service, words of JSON. */
const SAME_EVERYWHERE = new Set(["VOD Job Tracker", "UTC", "null", "JSON", "CSV", "2K", "4K"]);

/** Properties whose text people read, and functions that show what they are given. */
const SHOWN_PROPERTIES =
  /^(aria-label|contentText|description|detail|label|message|note|openLabel|placeHolder|placeholder|prompt|saveLabel|text|textContent|title|tooltip|warning)$/;
const SHOWING_CALLS =
  /^(#?text|appendText|code|fact|h|link|say|setStatusBarMessage|show(Error|Information|Warning)Message|tell|time|write|TreeItem|MarkdownString)$/;

/**
 * The keys of a source file, and the texts in it that people would read untranslated.
 * @param {string} file
 * @param {string} source
 * @returns {{ keys: Place[], strange: Place[] }}
 */
export function readSource(file, source) {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  /** @type {Place[]} */
  const keys = [];
  /** @type {Place[]} */
  const strange = [];
  const place = (/** @type {ts.Node} */ node, /** @type {string} */ text) => {
    const { line } = tree.getLineAndCharacterOfPosition(node.getStart(tree));
    return { file, line: line + 1, text };
  };
  const visit = (/** @type {ts.Node} */ node) => {
    if (isTechnical(node)) return;
    if (ts.isCallExpression(node) && /^((vscode\.)?l10n\.)?t$/.test(node.expression.getText(tree))) {
      const [first, ...others] = node.arguments;
      const key = first && keyOf(first);
      if (key === undefined) strange.push(place(node, `a key that is no literal: ${node.getText(tree)}`));
      else keys.push(place(node, key));
      for (const other of others) visit(other);
      return;
    }
    if (ts.isPropertyAssignment(node)) {
      visit(node.initializer);
      return;
    }
    const { text, markup } = textOf(node) ?? {};
    if (text !== undefined && isUntranslated(text, markup || isShown(node))) strange.push(place(node, text.trim()));
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return { keys, strange };
}

/**
 * The key that a translation has: the text, and behind a slash what is said to translators.
 * @param {ts.Expression} first the first argument of `l10n.t`
 */
function keyOf(first) {
  if (ts.isStringLiteralLike(first)) return first.text;
  if (!ts.isObjectLiteralExpression(first)) return undefined;
  const field = (/** @type {string} */ name) => {
    const found = first.properties.find((one) => one.name?.getText() === name);
    const value = found && ts.isPropertyAssignment(found) ? found.initializer : undefined;
    return value && ts.isStringLiteralLike(value) ? value.text : undefined;
  };
  const [message, comment] = [field("message"), field("comment")];
  return message === undefined || comment === undefined ? undefined : `${message}/${comment}`;
}

/**
 * What no person reads: imports, types, names of properties, compared values, technical texts of errors and of the log.
 * @param {ts.Node} node
 */
function isTechnical(node) {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return true;
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true;
  if (ts.isPropertyAssignment(node)) return /^(font|margin|url)$/.test(node.name.getText());
  if (ts.isStringLiteralLike(node) && ts.isBinaryExpression(node.parent)) {
    if (/^[!=]==$/.test(node.parent.operatorToken.getText())) return true;
  }
  if (ts.isNewExpression(node)) return /Error$/.test(node.expression.getText());
  return ts.isCallExpression(node) && /(^|\.|\b)(log|console)(\.|\[|$)/.test(node.expression.getText());
}

/**
 * The text of a literal, of a template without what is filled in. Of markup only what people read, which is told.
 * @param {ts.Node} node
 */
function textOf(node) {
  if (ts.isStringLiteralLike(node)) return readable(node.text);
  if (!ts.isTemplateExpression(node)) return undefined;
  return readable([node.head.text, ...node.templateSpans.map((span) => span.literal.text)].join("\0"));
}

/** @param {string} text */
function readable(text) {
  const markup = /<\w/.test(text);
  if (!markup) return { text, markup };
  const said = [...text.matchAll(/\b(?:aria-label|alt|placeholder|title)="([^"]*)"/g)].map(([, value]) => value);
  return { text: [...said, text.replace(/<[^>]*>/g, "\0")].join("\0"), markup };
}

/**
 * Whether a text is English for people: two words in a row anywhere, one word where it is shown.
 * @param {string} text
 * @param {boolean} [shown]
 */
function isUntranslated(text, shown) {
  const parts = text
    .replace(/\$\([\w~-]+\)/g, "")
    .split("\0")
    .map((part) => part.trim())
    .filter((part) => !/^(https:.*)?$/.test(part) && !SAME_EVERYWHERE.has(part));
  const prose = /(^|[\s(“"])[A-Za-z][a-z']+,? [a-z']{2,}/;
  return parts.some((part) => (shown ? /(^|[^\w#./:-])[A-Za-z]{2,}/.test(part) : prose.test(part)));
}

/**
 * Whether a literal stands where people read it: in a property or a call that shows it, however it is chosen there.
 * @param {ts.Node} node
 */
function isShown(node) {
  let at = node;
  while (
    ts.isConditionalExpression(at.parent) ||
    ts.isParenthesizedExpression(at.parent) ||
    ts.isTemplateSpan(at.parent) ||
    ts.isTemplateExpression(at.parent) ||
    (ts.isBinaryExpression(at.parent) && /^(\|\||&&|\?\?|\+)$/.test(at.parent.operatorToken.getText()))
  ) {
    if (ts.isConditionalExpression(at.parent) && at.parent.condition === at) return false;
    at = at.parent;
  }
  const { parent } = at;
  if (ts.isPropertyAssignment(parent)) return SHOWN_PROPERTIES.test(parent.name.getText().replaceAll('"', ""));
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    return ts.isPropertyAccessExpression(parent.left) && SHOWN_PROPERTIES.test(parent.left.name.text);
  }
  if (!ts.isCallExpression(parent) && !ts.isNewExpression(parent)) return false;
  const called = parent.expression;
  const name = ts.isPropertyAccessExpression(called) ? called.name.text : called.getText();
  const first = parent.arguments?.[0] === at;
  // What drawText draws comes first, and how behind it; the first argument of the others names a place.
  if (name === "drawText") return first;
  return SHOWING_CALLS.test(name) && !(first && /^(h|link|say|write)$/.test(name));
}

/** The languages that there are besides English, by the names of their bundles. */
export function languages() {
  return fs
    .readdirSync(path.join(ROOT, "l10n"))
    .flatMap((file) => /^bundle\.l10n\.([a-z-]+)\.json$/.exec(file)?.[1] ?? []);
}

/**
 * @param {string} file relative to the project's root
 * @returns {Record<string, string>}
 */
function readJson(file) {
  const full = path.join(ROOT, file);
  return fs.existsSync(full) ? JSON.parse(fs.readFileSync(full, "utf8")) : {};
}

/** Everything that the extension and its page say, in the order of the files. */
export function readAllSources() {
  const files = ["src/extension.ts", ...fs.globSync("src/{editor,panel}/**/*.ts", { cwd: ROOT }).sort()];
  const all = files.map((file) => readSource(file, fs.readFileSync(path.join(ROOT, file), "utf8")));
  return { keys: all.flatMap(({ keys }) => keys), strange: all.flatMap(({ strange }) => strange) };
}

/**
 * What is wrong with translations of texts: one that is missing or left over, or fills in other places.
 * @param {string} file where the translations are
 * @param {Iterable<string>} wanted the keys
 * @param {Record<string, string>} translated by key
 * @param {Record<string, string>} [english] by key, where keys are not the texts themselves
 */
export function compare(file, wanted, translated, english) {
  const keys = new Set(wanted);
  const problems = [...keys].flatMap((key) => {
    const text = translated[key];
    if (!text) return [`${file}: no translation of ${JSON.stringify(key)}`];
    const [a, b] = [fixedParts(english?.[key] ?? key), fixedParts(text)];
    return a === b ? [] : [`${file}: ${JSON.stringify(text)} has ${b || "nothing"} where the English has ${a}`];
  });
  const surplus = Object.keys(translated).filter((key) => !keys.has(key));
  return [...problems, ...surplus.map((key) => `${file}: nothing says ${JSON.stringify(key)} any more`)];
}

/**
 * What a translation must keep, in any order: places to fill in, commands of links, code, icons.
 * @param {string} text
 */
function fixedParts(text) {
  return (text.match(/\{\d\}|\(command:[^)]*\)|`[^`]+`|\$\([\w-]+\)/g) ?? []).sort().join(" ");
}

/** Parts of package.json that people read. What tools tell a model stays English: models are addressed in one language. */
const READ_IN_MANIFEST =
  /\.(title|category|name|label|contents|markdownDescription|userDescription|displayName|accessibilityHelpContent|contextualTitle|enumDescriptions\.\d+|description)$/;
const NOT_READ =
  /^\.(name|displayName)$|\.languageModelTools\.\d+\.(name|inputSchema\b.*)$|^\.(dev)?[dD]ependencies|^\.scripts\./;

/**
 * What is wrong with the texts of package.json.
 * @param {unknown} manifest
 * @param {Record<string, Record<string, string>>} texts by file, the English first
 */
export function checkManifest(manifest, texts) {
  /** @type {Set<string>} */
  const keys = new Set();
  /** @type {string[]} */
  const problems = [];
  const visit = (/** @type {unknown} */ value, /** @type {string} */ where) => {
    if (typeof value === "object" && value !== null) {
      for (const [name, part] of Object.entries(value)) visit(part, `${where}.${name}`);
    }
    if (typeof value !== "string") return;
    const key = /^%(.+)%$/.exec(value)?.[1];
    if (key !== undefined) keys.add(key);
    else if (READ_IN_MANIFEST.test(where) && !NOT_READ.test(where) && !SAME_EVERYWHERE.has(value)) {
      problems.push(`package.json: ${where.slice(1)} is not translated: ${JSON.stringify(value)}`);
    }
  };
  visit(manifest, "");
  const english = Object.values(texts)[0];
  for (const [file, text] of Object.entries(texts)) problems.push(...compare(file, keys, text, english));
  return problems;
}

/** Everything that is wrong with the project's languages, one line each. */
export function findProblems() {
  const { keys, strange } = readAllSources();
  const texts = keys.map(({ text }) => text);
  const nls = ["package.nls.json", ...languages().map((language) => `package.nls.${language}.json`)];
  return [
    ...strange.map(({ file, line, text }) => `${file}:${line}: not translated: ${JSON.stringify(text)}`),
    ...languages().flatMap((language) => {
      const file = `l10n/bundle.l10n.${language}.json`;
      return compare(file, texts, readJson(file));
    }),
    ...checkManifest(readJson("package.json"), Object.fromEntries(nls.map((file) => [file, readJson(file)]))),
  ];
}

/** Brings every bundle in line with the source: its keys in the source's order, with an empty text where none is yet. */
function updateBundles() {
  const wanted = new Set(readAllSources().keys.map(({ text }) => text));
  for (const language of languages()) {
    const file = `l10n/bundle.l10n.${language}.json`;
    const known = readJson(file);
    const texts = Object.fromEntries([...wanted].map((key) => [key, known[key] ?? ""]));
    fs.writeFileSync(path.join(ROOT, file), `${JSON.stringify(texts, undefined, 2)}\n`);
    const empty = Object.values(texts).filter((text) => !text).length;
    console.log(`${file}: ${wanted.size} texts, ${empty} to translate`);
  }
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
  if (!values.check) updateBundles();
  const problems = findProblems();
  for (const problem of problems) console.error(problem);
  if (problems.length) process.exitCode = 1;
  else console.log(`Nothing is untranslated (en, ${languages().join(", ")}).`);
}
