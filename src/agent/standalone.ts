import { homedir } from "node:os";
import { openHub } from "../jobs/openHub.ts";
import { JobTracker } from "../jobs/tracker.ts";
import { VodClient, type VodClientParts } from "../vod/client.ts";
import { systemClock } from "../vod/clock.ts";
import { chainCredentials, listProfiles, staticCredentials } from "../vod/credentials.ts";
import { checkedEndpoint, endpointOf, isRegionName } from "../vod/endpoints.ts";
import { VodError } from "../vod/errors.ts";
import { proxyFromEnvironment } from "../vod/proxy.ts";
import type { Transport } from "../vod/transport.ts";
import type { CredentialSource, RateBudget } from "../vod/types.ts";
import type { AgentAccount, AgentHost } from "./host.ts";

/** What a model tells a person when this process cannot reach the service: no editor lends it its network. */
const way =
  "This server's proxy is that of HTTPS_PROXY and NO_PROXY in its environment; PAC files and Kerberos it cannot use. Ask the person to set HTTPS_PROXY for this server in the MCP client's configuration, or to use the editor's own VOD tools.";

/** The region when nobody names one: where the service began. */
const usualRegion = "cn-shanghai";

/** The demo account's endpoint, on loopback. */
export interface DemoAccess {
  urlOf(region: string): Promise<string>;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

export interface StandaloneOptions {
  /** The folder of the extension's database. */
  readonly folder: string;
  /** The account of jobs that name none; default: Alibaba Cloud's default chain. */
  readonly account?: string;
  readonly region?: string;
  /** Replaces the endpoints of all regions; hosts of aliyuncs.com only. */
  readonly endpoint?: string;
  /** False: no profile is used that runs a command or writes a file. */
  readonly trusted: boolean;
  /** Starts or finds the demo account's endpoint; undefined: there is no demo account. */
  demo?(): Promise<DemoAccess>;
  readonly home?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Redacted technical text. */
  log(level: "debug" | "info" | "warn" | "error", message: string): void;
}

/**
 * The tools' host without an editor: the same database and the same call budget, a tracker that polls nothing by itself,
 * and clients of its own. Accounts are the default chain, the command line tool's profiles and the demo; an access key
 * that is stored in the editor stays there.
 */
export async function openStandalone(options: StandaloneOptions): Promise<AgentHost & { close(): Promise<void> }> {
  const { folder, account = "default", log } = options;
  const clients = new Map<string, Promise<VodClient>>();
  let transport: Promise<Transport> | undefined;
  const openConnections = () => {
    transport ??= import("../vod/transport.ts").then(({ openTransport }) =>
      openTransport(proxyFromEnvironment(options.env ?? process.env)),
    );
    return transport;
  };
  const hub = await openHub({ folder, log: (message) => log("warn", message) });
  const tracker = new JobTracker({
    hub,
    clientFor(name) {
      let client = clients.get(name);
      if (!client) {
        client = openClient(name, options, openConnections, tracker.budget(name));
        clients.set(name, client);
        client.catch(() => clients.delete(name));
      }
      return client;
    },
    clock: systemClock,
    random: Math.random,
    log,
    settings: { polling: false, pace: "normal", backgroundRate: 1, focused: false },
  });
  try {
    await tracker.start();
  } catch (error) {
    await hub.close();
    throw error;
  }
  return {
    tracker,
    account,
    polls: false,
    way,
    accounts: () => accountsOf(options),
    now: () => systemClock.now(),
    async close() {
      await tracker.dispose();
      await hub.close();
      await (await transport)?.close();
    },
  };
}

async function accountsOf({ region, demo, home = homedir() }: StandaloneOptions): Promise<AgentAccount[]> {
  const profiles = await listProfiles(home);
  const own = region !== undefined && isRegionName(region) ? region : undefined;
  const regionOf = (profile: string | undefined) =>
    own ?? (profile !== undefined && isRegionName(profile) ? profile : usualRegion);
  return [
    { id: "default", region: regionOf(profiles.find((one) => one.current)?.region) },
    ...profiles.map((profile) => ({ id: `profile:${profile.name}`, region: regionOf(profile.region) })),
    ...(demo ? [{ id: "demo", region: usualRegion }] : []),
  ];
}

async function openClient(
  account: string,
  options: StandaloneOptions,
  openConnections: () => Promise<Transport>,
  budget: RateBudget,
): Promise<VodClient> {
  const { endpoint, demo, log } = options;
  let credentials: CredentialSource;
  let origin: VodClientParts["endpoint"] = endpoint ? () => checkedEndpoint(endpoint) : (region) => endpointOf(region);
  if (account === "demo") {
    if (!demo) throw new VodError("credentials", "The demo account runs in the editor only; it was not handed over");
    const access = await demo();
    credentials = staticCredentials(access);
    origin = async (region) => checkedEndpoint(await access.urlOf(region), { loopback: true });
  } else {
    credentials = credentialsOf(account, options);
  }
  return new VodClient({
    endpoint: origin,
    credentials,
    budget,
    send: (await openConnections()).send,
    clock: systemClock,
    random: Math.random,
    log: { debug: (line) => log("debug", line), info: (line) => log("info", line) },
  });
}

function credentialsOf(account: string, { trusted, home, env }: StandaloneOptions): CredentialSource {
  if (account === "default") return chainCredentials({ trusted, home, env });
  if (account.startsWith("profile:")) {
    return chainCredentials({ profile: account.slice("profile:".length), trusted, home, env });
  }
  if (account.startsWith("key:")) {
    throw new VodError(
      "credentials",
      "The access key of this account is in the editor's secret storage, which this server cannot read. The editor's own VOD tools can use it, and jobs that the editor has checked can be read here",
    );
  }
  throw new VodError("credentials", "There is no such account");
}
