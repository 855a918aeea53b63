import fs from "node:fs";
import http from "node:http";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import * as vscode from "vscode";
import { type DemoEndpoint, startEndpoint } from "../../../src/demo/endpoint.ts";
import { type Certificate, FaultProxy } from "../../unit/faults/proxy.ts";
import { selfSignedCertificate } from "../../unit/support/certificate.ts";

/** A region that no name server knows: only a proxy leads to it. */
export const nowhere = "xx-nowhere-1";

const regions = ["cn-shanghai", "cn-beijing", "ap-southeast-1", "eu-central-1", nowhere];

/**
 * A stand-in for Alibaba Cloud: the service under its own names behind a CONNECT proxy, both on loopback, with a
 * certificate that only the operating system's store trusts; and a home folder of its own. So every account that is not
 * the demo takes the way that it takes in real life: endpoint of its region, TLS, proxy.
 */
export interface Cloud {
  readonly endpoint: DemoEndpoint;
  /** Stands before the endpoint, and passes everything on until it is given a fault. */
  readonly faults: FaultProxy;
  /** What the service shows, and who trusts it knows it by. */
  readonly certificate: Certificate;
  readonly home: string;
  readonly proxy: {
    readonly port: number;
    /** What was asked for, as `host:port`, oldest first. */
    readonly asked: string[];
    /** `user:password` that the proxy wants; undefined: none. */
    user: string | undefined;
  };
}

const key: unique symbol = Symbol.for("vodJobs.test.cloud");
const shared = globalThis as { [key]?: Promise<Cloud> };

/**
 * The stand-in, started once for all files of the suite: Node reads the operating system's certificates once. Other
 * homes and other credentials of this machine are out of sight from then on.
 */
export function cloud(): Promise<Cloud> {
  shared[key] ??= start();
  return shared[key];
}

async function start(): Promise<Cloud> {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "vod-jobs-home-"));
  process.once("exit", () => fs.rmSync(home, { recursive: true, force: true }));
  process.env.HOME = home;
  process.env.USERPROFILE = home;
  for (const name of Object.keys(process.env)) if (/^ALIBABA_CLOUD_/.test(name)) delete process.env[name];
  const [first = "", ...rest] = regions.map((region) => `vod.${region}.aliyuncs.com`);
  const certificate = selfSignedCertificate(first, ...rest);
  const roots = path.join(home, "roots.pem");
  fs.writeFileSync(roots, certificate.cert);
  process.env.SSL_CERT_FILE = roots;
  const endpoint = await startEndpoint({ seed: "cloud", tls: certificate });
  const faults = await FaultProxy.open(endpoint.url, Date.now, certificate);
  return { endpoint, faults, certificate, home, proxy: await startProxy(faults.port) };
}

/** A proxy that leads the service's names to the stand-in, and nothing else anywhere. */
async function startProxy(target: number): Promise<Cloud["proxy"]> {
  const server = http.createServer();
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as net.AddressInfo;
  const proxy: Cloud["proxy"] = { port, asked: [], user: undefined };
  server.on("connect", ({ url = "", headers }: http.IncomingMessage, socket: net.Socket) => {
    socket.on("error", () => {});
    const refuse = (status: string, more = "") => socket.end(`HTTP/1.1 ${status}\r\n${more}content-length: 0\r\n\r\n`);
    const expected = proxy.user && `Basic ${Buffer.from(proxy.user).toString("base64")}`;
    proxy.asked.push(url);
    if (expected && headers["proxy-authorization"] !== expected) {
      refuse("407 Proxy Authentication Required", 'proxy-authenticate: Basic realm="test"\r\n');
    } else if (!/^vod\.[a-z0-9-]+\.aliyuncs\.com:443$/.test(url)) {
      refuse("403 Forbidden");
    } else {
      const upstream = net.connect(target, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.on("error", () => socket.destroy());
      socket.on("close", () => upstream.destroy());
    }
  });
  return proxy;
}

/** Sets the person's own settings of the network; undefined takes one away. */
export async function setNetwork(settings: {
  proxy?: string;
  noProxy?: string[];
  proxySupport?: string;
}): Promise<void> {
  const configuration = vscode.workspace.getConfiguration("http");
  for (const name of ["proxy", "noProxy", "proxySupport"] as const) {
    if (configuration.inspect(name)?.globalValue === settings[name]) continue;
    await configuration.update(name, settings[name], vscode.ConfigurationTarget.Global);
  }
}
