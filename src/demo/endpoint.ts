import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { type DemoJobSummary, demoCatalogue } from "./catalogue.ts";
import { type EndpointControl, randomText } from "./control.ts";
import { type DemoJob, homeRegion } from "./job.ts";
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
  /**
   * Serves https under the service's own names, `vod.<region>.aliyuncs.com`, by which it tells regions apart: for tests
   * whose connections are led here, as by a proxy. PEM.
   */
  readonly tls?: { readonly key: string; readonly cert: string };
}

export interface DemoEndpoint {
  /** `http://127.0.0.1:<port>`, without a slash at the end: the endpoint of the account's own region. */
  readonly url: string;
  /** The endpoint of a region, which knows that region's jobs and no others; it listens from when it is asked for. */
  urlOf(region: string): Promise<string>;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** The jobs of the account's own region that exist now, the starter set first. */
  readonly jobs: readonly DemoJobSummary[];
  jobsOf(region: string): readonly DemoJobSummary[];
  /** The newest calls, oldest first; at least the last 10,000. */
  readonly calls: readonly CallRecord[];
  readonly control: EndpointControl;
  /** Ends every connection at once, also those that wait for an answer. */
  close(): Promise<void>;
}

/** The longest body that is read, in bytes: calls are a few hundred. */
const longestBody = 64 * 1024;

/** The name of the service's endpoint in a region (vod-facts §2). */
const serviceHost = /^vod\.([a-z0-9-]+)\.aliyuncs\.com$/;

/**
 * Starts the embedded VOD endpoint: a real HTTP server, with a port of its own for each other region that is asked for, on
 * the loopback interface. It behaves like the service toward any correct client. It is of no use without its key, sends no CORS headers and turns away requests for a host that is
 * not loopback, so no web page can use it, not even by rebinding a name. It touches nothing of the process but its port
 * and, as any server, keeps a plain Node process alive until `close()`: the command line lives by that, and an
 * extension host ends regardless of it. Rejects when the port cannot be had.
 */
export async function startEndpoint(options: EndpointOptions = {}): Promise<DemoEndpoint> {
  const { port = 0, now = Date.now, latency = 0, seed, activities, tls, limits: { perSecond = 15 } = {} } = options;
  const {
    accessKeyId = `LTAI5t${randomText(18)}`,
    accessKeySecret = randomText(30),
  }: NonNullable<Partial<EndpointOptions["account"]>> = options.account ?? {};
  const catalogue = options.catalogue ?? demoCatalogue({ seed, activities, startedAt: options.startedAt ?? now() });
  const isHost = tls && ((host: string) => serviceHost.test(host));
  const service = new Service({ catalogue, key: { id: accessKeyId, secret: accessKeySecret }, perSecond, now, isHost });
  const closing = new AbortController();

  async function serve(incoming: IncomingMessage, response: ServerResponse, region: string): Promise<void> {
    const reply = service.respond(await readRequest(incoming), region);
    const held = typeof latency === "number" ? latency : latency();
    if (held > 0) await delay(held, undefined, { signal: closing.signal });
    send(reply, response);
  }

  function listener(regionOf: (incoming: IncomingMessage) => string): RequestListener {
    return (incoming, response) => {
      // The caller is gone, sends too much, or we are closing.
      serve(incoming, response, regionOf(incoming)).catch(() => response.destroy());
    };
  }

  /** The server of a region, or of all that have no jobs. Only the account's own listens before it is asked for. */
  const servers = new Map<string, Promise<Server>>();
  const serverOf = (region: string, port = 0) => {
    const server =
      servers.get(region) ??
      listen(tls ? createSecureServer(tls, listener(regionByName)) : createServer(listener(() => region)), port);
    servers.set(region, server);
    return server;
  };
  const own = urlAt(await serverOf(homeRegion, port), tls);
  const withJobs = new Set(catalogue.map((job) => job.region ?? homeRegion));
  return {
    url: own,
    async urlOf(region) {
      const isOwn = region === homeRegion || tls;
      return isOwn ? own : urlAt(await serverOf(withJobs.has(region) ? region : elsewhere));
    },
    accessKeyId,
    accessKeySecret,
    get jobs() {
      return service.jobs(homeRegion);
    },
    jobsOf: (region) => service.jobs(region),
    calls: service.calls,
    control: service.control,
    async close() {
      closing.abort();
      await Promise.all([...servers.values()].map((server) => server.then(shut, () => undefined)));
    },
  };
}

/** The region that a caller names with the host it asks. */
function regionByName({ headers }: IncomingMessage): string {
  return serviceHost.exec(headers.host ?? "")?.[1] ?? elsewhere;
}

function urlAt(server: Server, tls?: object): string {
  return `${tls ? "https" : "http"}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Stands for every region that has no jobs. */
const elsewhere = "";

function listen(server: Server, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

/** Ends every connection at once. */
function shut(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
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
