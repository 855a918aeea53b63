/**
 * Joins chunks that the same processes load at once. esbuild makes a chunk of everything that two `import()`s share, so an
 * editor would look for, read and compile two dozen files to start. Nothing is loaded that was not, and nothing earlier.
 */
import path from "node:path";

/** @typedef {import("esbuild").Metafile["outputs"]} Outputs what esbuild tells of the files it wrote */

/** @typedef {{ file: string, name: string }} Place in which file a chunk ends up, and what its exports are called there */

/** What a joined file calls itself: longer than any name that esbuild gives. */
const SELF = "joined";

/**
 * Where each chunk goes that is joined with others. A file's chunks stand in this order, an entry last in its own.
 * @param {Outputs} outputs
 * @param {string[][]} processes what each process starts with: the entry that Node starts, then what that loads right after
 * @returns {Map<string, Place>}
 */
export function placesOf(outputs, processes) {
  const entries = processes.flat();
  const stages = processes.map((files) => [
    ...files.map((file) => reached(outputs, file, false)),
    reached(outputs, files[0] ?? "", true),
  ]);
  /** @type {Map<string, Set<string>>} */
  const groups = new Map();
  for (const chunk of stages.flatMap((sets) => sets.slice(0, -1)).flatMap((set) => [...set])) {
    // What a chunk imports is loaded no later than the chunk, in every process: so groups never import each other in a
    // circle, and what a later stage shares with the entry stands in the entry's own file.
    const when = stages.map((sets) => sets.findIndex((set) => set.has(chunk))).join();
    groups.set(when, (groups.get(when) ?? new Set()).add(chunk));
  }
  /** @type {Map<string, Place>} */
  const places = new Map();
  for (const group of [...groups.values()].filter(({ size }) => size > 1)) {
    const file = [...group].find((chunk) => entries.includes(chunk)) ?? /** @type {string} */ ([...group][0]);
    for (const chunk of group) places.set(chunk, { file, name: entries.includes(chunk) ? "" : `._${places.size}` });
  }
  return places;
}

/**
 * The expression that gives a module's exports, in a chunk.
 * @param {Map<string, Place>} places
 * @param {string} chunk
 * @returns {(specifier: string) => string}
 */
export function requiredBy(places, chunk) {
  const home = places.get(chunk)?.file ?? chunk;
  return (specifier) => {
    const wanted = imported(chunk, specifier);
    const { file, name } = places.get(wanted) ?? { file: wanted, name: "" };
    if (file === home) return SELF + name;
    const relative = path.posix.relative(path.posix.dirname(home), file);
    const found = wanted === specifier ? specifier : relative.startsWith(".") ? relative : `./${relative}`;
    return `require(${JSON.stringify(found)})${name}`;
  };
}

/**
 * What a chunk means by a specifier: another chunk, or a module that is none of them.
 * @param {string} chunk
 * @param {string} specifier
 */
export function imported(chunk, specifier) {
  return specifier.startsWith(".") ? path.posix.join(path.posix.dirname(chunk), specifier) : specifier;
}

/**
 * Whether a chunk holds nothing but esbuild's own helpers: without one to be taken from it, it need not be loaded.
 * @param {Outputs[string] | undefined} chunk
 */
export function onlyHelps(chunk) {
  return chunk !== undefined && !Object.keys(chunk.inputs).length && !chunk.imports.length;
}

/**
 * Joined chunks as one file.
 * @param {{ text: string, name: string }[]} chunks in CommonJS
 */
export function joined(chunks) {
  const strict = '"use strict";';
  const body = (/** @type {string} */ text) => (text.startsWith(strict) ? text.slice(strict.length) : text);
  const parts = chunks.map(({ text, name }) => `(exports=>{${body(text)}})(${SELF}${name}${name && "={}"});`);
  return `${strict}const ${SELF}=exports;${parts.join("\n")}\n`;
}

/**
 * What is loaded with a file, each after what it imports; the file itself is the last.
 * @param {Outputs} outputs
 * @param {string} file
 * @param {boolean} lazily also what it may load later
 * @returns {Set<string>}
 */
export function reached(outputs, file, lazily) {
  const begun = new Set();
  const found = new Set();
  const visit = (/** @type {string} */ one) => {
    if (begun.has(one)) return;
    begun.add(one);
    for (const { path: next, kind, external } of outputs[one]?.imports ?? []) {
      if (!external && (lazily || kind === "import-statement")) visit(next);
    }
    found.add(one);
  };
  visit(file);
  return found;
}
