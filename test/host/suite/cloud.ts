import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as vscode from "vscode";
import { type DemoEndpoint, startEndpoint } from "../../../src/demo/endpoint.ts";
import { type Certificate, FaultProxy } from "../../unit/faults/proxy.ts";
import { selfSignedCertificate } from "../../unit/support/certificate.ts";
import { type ConnectProxy, connectProxy } from "../../unit/support/connectProxy.ts";

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
  readonly proxy: ConnectProxy;
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
  return { endpoint, faults, certificate, home, proxy: await connectProxy(faults.port) };
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
