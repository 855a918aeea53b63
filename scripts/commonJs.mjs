/**
 * Turns an ES module that esbuild wrote into CommonJS, statement by statement. esbuild can do that itself, with half a
 * kilobyte of helpers in every file and `(0, chunk.name)(…)` for every call: a fifth more to load when the editor starts.
 * These need no helpers, for what it writes is of a few shapes: imports first, one list of exports, nothing exported that
 * changes later.
 */
import ts from "typescript";

/**
 * @typedef {object} Modules what is known of the modules that are imported
 * @property {(specifier: string) => string} required the expression that gives a module's exports
 * @property {(specifier: string) => boolean} isIdle whether a module does nothing when it is loaded
 */

/** @type {Modules} */
const anyModules = {
  required: (specifier) => `require(${JSON.stringify(specifier)})`,
  isIdle: () => false,
};

/**
 * The same module in CommonJS. Lines stay where they are, so that its source map fits.
 * @param {string} text an ES module
 * @param {string} name for messages
 * @param {Modules} [modules]
 * @returns {string}
 * @throws where the module has a shape that is not translated
 */
export function toCommonJs(text, name, modules = anyModules) {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.ESNext, false, ts.ScriptKind.JS);
  /** @type {{ start: number, end: number, text: string }[]} */
  const edits = [];
  const replace = (/** @type {ts.Node} */ node, /** @type {string} */ by) => {
    const [start, end] = [node.getStart(source), node.getEnd()];
    const lines = (/** @type {string} */ of) => of.split("\n").length - 1;
    edits.push({ start, end, text: by + "\n".repeat(lines(text.slice(start, end)) - lines(by)) });
  };
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) replace(statement, requirement(statement, source, modules));
    else if (ts.isExportDeclaration(statement)) replace(statement, exported(statement, source));
    else if (ts.isExportAssignment(statement))
      replace(statement, `exports.default=${statement.expression.getText(source)};`);
  }
  const visit = (/** @type {ts.Node} */ node) => {
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      replace(node, `Promise.resolve().then(()=>${modules.required(specifierOf(node.arguments[0], source))})`);
    else ts.forEachChild(node, visit);
  };
  visit(source);
  let result = '"use strict";';
  let at = 0;
  for (const edit of edits.sort((one, other) => one.start - other.start)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

/**
 * @param {ts.Expression | undefined} specifier
 * @param {ts.SourceFile} source
 */
function specifierOf(specifier, source) {
  if (specifier && ts.isStringLiteralLike(specifier)) return specifier.text;
  throw new Error(`Not translated to CommonJS: import(${specifier?.getText(source)}) in ${source.fileName}`);
}

/**
 * `import a, { b as c } from "d"` as `const a = require("d"), { b: c } = a`. Only built-in modules and the editor's are
 * imported whole or by default: of these the module is the default.
 * @param {ts.ImportDeclaration} statement
 * @param {ts.SourceFile} source
 * @param {Modules} modules
 */
function requirement({ importClause, moduleSpecifier }, source, { required, isIdle }) {
  const specifier = specifierOf(moduleSpecifier, source);
  const module = required(specifier);
  const whole = importClause?.name?.text;
  const bindings = importClause?.namedBindings;
  const declared = whole ? [`${whole}=${module}`] : [];
  if (bindings && ts.isNamespaceImport(bindings)) declared.push(`${bindings.name.text}=${whole ?? module}`);
  else if (bindings) declared.push(`{${pairs(bindings.elements, false)}}=${whole ?? module}`);
  if (declared.length) return `const ${declared.join(",")};`;
  return isIdle(specifier) ? "" : `${module};`;
}

/**
 * `export { a as b }` as `Object.assign(exports, { b: a })`
 * @param {ts.ExportDeclaration} statement
 * @param {ts.SourceFile} source
 */
function exported(statement, source) {
  if (!statement.exportClause || !ts.isNamedExports(statement.exportClause) || statement.moduleSpecifier)
    throw new Error(`Not translated to CommonJS: ${statement.getText(source)} in ${source.fileName}`);
  return `Object.assign(exports,{${pairs(statement.exportClause.elements, true)}});`;
}

/**
 * @param {readonly (ts.ImportSpecifier | ts.ExportSpecifier)[]} elements
 * @param {boolean} reversed
 */
function pairs(elements, reversed) {
  const names = elements.map(({ propertyName, name }) => [propertyName?.text ?? name.text, name.text]);
  return names.map(([from, to]) => (from === to ? to : reversed ? `${to}:${from}` : `${from}:${to}`)).join(",");
}
