/**
 * Who may import whom: the layers of the house, checked by `npm run lint`.
 *
 *   vod, workflow   nothing of ours
 *   jobs            vod, workflow
 *   agent           jobs, vod, workflow
 *   panel           workflow and its own protocol
 *   demo            vod's signing and words, workflow's types
 *   editor          jobs, vod, workflow, agent, demo and the panel's protocol
 *   extension.ts, mcp.ts   all they wire
 */

/** What each layer may import of ours beside itself, as patterns under `src/`. */
export const LAYERS = {
  vod: [],
  workflow: [],
  jobs: ["vod/", "workflow/"],
  agent: ["jobs/", "vod/", "workflow/"],
  panel: ["workflow/"],
  demo: ["vod/(sign|hmac|types)[.]ts$", "workflow/types[.]ts$"],
  editor: ["jobs/", "vod/", "workflow/", "agent/", "demo/", "panel/protocol[.]ts$"],
};

const severity = /** @type {const} */ ("error");

const layerRules = Object.entries(LAYERS).map(([layer, allowed]) => ({
  name: `layer-${layer}`,
  comment: `src/${layer} may import of ours only: ${[`${layer}/`, ...allowed].join(", ")}`,
  severity,
  from: { path: `^src/${layer}/` },
  to: { path: "^src/", pathNot: `^src/(${[`${layer}/`, ...allowed].join("|")})` },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    ...layerRules,
    {
      name: "only-the-editor-knows-vscode",
      comment: "Only src/editor and src/extension.ts may import vscode: everything else runs and is tested without it.",
      severity,
      from: { path: "^src/", pathNot: "^src/(editor/|extension[.]ts$)" },
      to: { path: "(^|/)(@types/)?vscode(/|$)" },
    },
    {
      name: "no-node-in-pure-code",
      comment: "src/workflow and src/panel also run in a web page: no Node built-ins.",
      severity,
      from: { path: "^src/(workflow|panel)/" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "no-cycles",
      comment: "Modules that import each other in a circle cannot be understood, loaded or split one by one.",
      severity,
      from: { path: "^src/" },
      to: { circular: true },
    },
    {
      name: "ships-only-dependencies",
      comment: "What the extension imports when it runs must be in its dependencies.",
      severity,
      from: { path: "^src/" },
      to: {
        dependencyTypes: ["npm-dev", "npm-optional", "npm-no-pkg", "npm-unknown"],
        dependencyTypesNot: ["type-only"],
        pathNot: "(^|/)(@types/)?vscode(/|$)", // the host provides it
      },
    },
    {
      name: "no-tests-in-the-product",
      comment: "src must not import from test or scripts.",
      severity,
      from: { path: "^src/" },
      to: { path: "^(test|scripts)/" },
    },
    {
      name: "everything-is-found",
      comment: "An import that leads nowhere.",
      severity,
      from: { path: "^src/" },
      to: { couldNotResolve: true, pathNot: "^vscode$" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true, // imports of types count as well
  },
};
