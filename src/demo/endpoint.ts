import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { type DemoJobSummary, demoCatalogue } from "./catalogue.ts";
import { type EndpointControl, randomText } from "./control.ts";
import type { DemoJob } from "./job.ts";
import { type CallRecord, type Reply, Service } from "./service.ts";
import type { RawRequest } from "./verify.ts";

export interface EndpointOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** What ids and durations are drawn from. Default `demo`. */
  readonly seed?: string;
  /** The endpoint's clock, milliseconds since 1970. Default: the machine's. */
  readonly now?: () => number;
  /** When the account was opened. Windows that show one account pass the same; default: now. */
  readonly startedAt?: number;
  /** A key of one's own. Default: random, made at the start and known to nobody else. */
  readonly account?: { readonly accessKeyId: string; readonly accessKeySecret: string };
  /** Calls in any second; null switches the limit off. Default 15 (GetJobDetail page). */
  readonly limits?: { readonly perSecond?: number | null };
  /** How long every answer is held back, in ms. */
  readonly latency?: number | (() => number);
  /** How many activities the job `odd/huge` has. Default 10,000. */
  readonly activities?: number;
  /** Other jobs than those of the demo account. */
  readonly catalogue?: readonly DemoJob[];
}

export interface DemoEndpoint {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** The jobs that exist now, the starter set first. */
  readonly jobs: readonly DemoJobSummary[];
  /** The newest calls, oldest first; at least the last 10,000. */
  readonly calls: readonly CallRecord[];
  readonly control: EndpointControl;
  /** Ends every connection at once, also those that wait for an answer. */
  close(): Promise<void>;
}

/** The longest body that is read, in bytes: calls are a few hundred. */
const longestBody = 64 * 1024;

/**
 * Starts the embedded VOD endpoint: a real HTTP server on the loopback interface that behaves like the service toward
 * any correct client. It is of no use without its key, sends no CORS headers and turns away requests for a host that is
 * not loopback, so no web page can use it, not even by rebinding a name. It touches nothing of the process but its port
 * and, as any server, keeps a plain Node process alive until `close()`: the command line lives by that, and an
 * extension host ends regardless of it. Rejects when the port cannot be had.
 */
export async function startEndpoint(options: EndpointOptions = {}): Promise<DemoEndpoint> {
  const { port = 0, now = Date.now, latency = 0, seed, activities, limits: { perSecond = 15 } = {} } = options;
  const {
    accessKeyId = `LTAI5t${randomText(18)}`,
    accessKeySecret = randomText(30),
  }: NonNullable<Partial<EndpointOptions["account"]>> = options.account ?? {};
  const catalogue = options.catalogue ?? demoCatalogue({ seed, activities, startedAt: options.startedAt ?? now() });
  const service = new Service({ catalogue, key: { id: accessKeyId, secret: accessKeySecret }, perSecond, now });
  const closing = new AbortController();

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const reply = service.respond(await readRequest(incoming));
    const held = typeof latency === "number" ? latency : latency();
    if (held > 0) await delay(held, undefined, { signal: closing.signal });
    send(reply, response);
  }

  const server = createServer((incoming, response) => {
    serve(incoming, response).catch(() => response.destroy()); // the caller is gone, sends too much, or we are closing
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accessKeyId,
    accessKeySecret,
    get jobs() {
      return service.jobs();
    },
    calls: service.calls,
    control: service.control,
    close: () =>
      new Promise((resolve) => {
        closing.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readRequest(incoming: IncomingMessage): Promise<RawRequest> {
  const { method = "", url = "/", rawHeaders } = incoming;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > longestBody) throw new Error("The body is too large.");
    chunks.push(chunk);
  }
  return { method, url, rawHeaders, body: Buffer.concat(chunks) };
}

function send({ status, headers, body, connection }: Reply, response: ServerResponse): void {
  if (connection === "silence") return;
  if (connection === "reset") {
    response.destroy();
    return;
  }
  const bytes = Buffer.from(body);
  response.writeHead(status, { "content-length": bytes.length, ...headers });
  response.end(bytes);
}
