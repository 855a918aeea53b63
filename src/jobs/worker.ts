import { parentPort, workerData } from "node:worker_threads";
import { serveHub } from "./rpc.ts";
import { SqliteHub } from "./sqlite/hub.ts";

/** The worker thread that keeps the database's work out of the extension host. Started by `openHub.ts`. */
if (parentPort) {
  const { folder } = workerData as { folder: string };
  const hub = new SqliteHub(folder);
  serveHub(parentPort, hub);
  parentPort.postMessage([]);
}
