/**
 * The server's process with a demo account that the test plays: `node mcpWithEndpoint.ts FOLDER URL KEY_ID KEY_SECRET`.
 * Only the account comes from here; all else is what `src/mcp.ts` runs.
 */
import { runMcpProcess } from "../../../src/agent/mcpProcess.ts";

const [folder = "", url = "", accessKeyId = "", accessKeySecret = ""] = process.argv.slice(2);
await runMcpProcess({
  folder,
  account: "demo",
  trusted: false,
  demo: async () => {
    console.log("a library that prints later");
    return { urlOf: async () => url, accessKeyId, accessKeySecret };
  },
  version: "1.2.3",
  verbose: true,
});
process.exit();
