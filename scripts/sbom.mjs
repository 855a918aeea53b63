/**
 * The software bill of materials: which packages, in which versions and under which licenses, ship inside the extension.
 *
 *   node scripts/sbom.mjs [FILE]
 *
 * Read off the bundle itself, so nothing is named that does not ship and nothing that ships is left out. Format:
 * CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/).
 */
import fs from "node:fs";
import path from "node:path";
import { build } from "./build.mjs";
import { ROOT } from "./tools.mjs";

/** @typedef {{ name: string, version: string, license: string, integrity?: string }} Shipped a package */

/**
 * @param {string} file relative to the project's root
 * @returns {string | undefined} the folder of the package that the file is part of: `node_modules/a/node_modules/@b/c`
 */
const packageFolder = (file) =>
  /(node_modules\/(?:.*node_modules\/)?(?:@[^/]+\/)?[^/]+)\//.exec(file.replaceAll("\\", "/"))?.[1];

/**
 * The packages that a build puts into the extension.
 * @param {string[]} modules as {@link build} gives them
 * @returns {Shipped[]} by name
 * @throws where a package is not in the lockfile: it came from nowhere that can be named
 */
export function shippedPackages(modules) {
  const lockfile = JSON.parse(fs.readFileSync(path.join(ROOT, "package-lock.json"), "utf8")).packages;
  const folders = new Set(modules.map(packageFolder).filter((folder) => folder !== undefined));
  return [...folders]
    .map((folder) => {
      const { name, version, license } = JSON.parse(fs.readFileSync(path.join(ROOT, folder, "package.json"), "utf8"));
      if (lockfile[folder]?.version !== version) throw new Error(`The lockfile does not have ${name} ${version}.`);
      return { name, version, license, integrity: lockfile[folder].integrity };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

/**
 * @param {Shipped} shipped
 * @returns a CycloneDX component
 */
function component({ name, version, license, integrity }) {
  const [scope, base] = name.startsWith("@") ? name.split("/") : [undefined, name];
  const purl = `pkg:npm/${scope ? `${encodeURIComponent(scope)}/` : ""}${base}@${version}`;
  const content = integrity?.startsWith("sha512-") && Buffer.from(integrity.slice(7), "base64").toString("hex");
  return {
    type: "library",
    "bom-ref": purl,
    ...(scope && { group: scope }),
    name: base,
    version,
    licenses: [{ license: { id: license } }],
    purl,
    ...(content && { hashes: [{ alg: "SHA-512", content }] }),
  };
}

/**
 * Writes the bill of materials of a build.
 * @param {string} file
 * @param {string[]} modules as {@link build} gives them
 * @returns {string} the file
 */
export function writeBillOfMaterials(file, modules) {
  const { name, version, license } = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8"));
  const components = shippedPackages(modules).map(component);
  const self = `pkg:npm/${name}@${version}`;
  const bill = {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      component: { type: "application", "bom-ref": self, name, version, licenses: [{ license: { id: license } }] },
    },
    components,
    dependencies: [{ ref: self, dependsOn: components.map(({ purl }) => purl) }],
  };
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `${JSON.stringify(bill, null, 2)}\n`);
  return file;
}

if (process.argv[1] === import.meta.filename) {
  const { modules } = await build();
  console.log(writeBillOfMaterials(path.resolve(process.argv[2] ?? path.join(ROOT, "out/sbom.cdx.json")), modules));
}
