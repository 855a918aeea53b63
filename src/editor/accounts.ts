import { homedir } from "node:os";
import * as vscode from "vscode";
import type { JobTracker } from "../jobs/tracker.ts";
import type { VodClient } from "../vod/client.ts";
import { checkedEndpoint, endpointOf, isRegionName } from "../vod/endpoints.ts";
import { VodError } from "../vod/errors.ts";
import type { ProxySettings } from "../vod/proxy.ts";
import type { Transport } from "../vod/transport.ts";
import type { Credential, CredentialSource, RateBudget } from "../vod/types.ts";
import { type DemoAccount, demo } from "./demoAccount.ts";
import { Owner } from "./lifecycle.ts";
import type { Log } from "./log.ts";
import { settings } from "./settings.ts";

/** The region when neither the settings nor the profile names one: where the service began. */
const usualRegion = "cn-shanghai";

/** An account a person can choose. */
export interface AccountChoice {
  /** `default`, `profile:<name>`, `key:<name>` or `demo`. */
  readonly id: string;
  readonly kind: "default" | "profile" | "key" | "demo";
  readonly name: string;
  /** How a profile gets its credential, e.g. AK, StsToken, RamRoleArn. */
  readonly mode?: string;
  readonly region?: string;
}

interface Parts {
  readonly secrets: vscode.SecretStorage;
  readonly state: vscode.Memento;
  readonly demo: DemoAccount;
  readonly log: Log;
  /** The call budget of an account, shared by all windows. */
  budget(account: string): RateBudget;
}

/**
 * The accounts: which one new look-ups use, and the client of each. Clients are made when first needed and made anew
 * when what they depend on changed. Secrets stay here and in `vod/`: nothing else ever holds one.
 */
export class Accounts extends Owner {
  readonly #parts: Parts;
  readonly #clients = new Map<string, Promise<VodClient>>();
  readonly #sources = new Map<string, CredentialSource>();
  #transport: Promise<Transport> | undefined;
  readonly #changed = this.own(new vscode.EventEmitter<string>());
  /** Fires with the id of an account whose credential may be another now. */
  readonly onDidChange = this.#changed.event;

  constructor(parts: Parts) {
    super();
    this.#parts = parts;
    this.own(
      settings.onDidChange((affects) => {
        if (affects("endpoint")) for (const account of [...this.#clients.keys()]) this.forget(account);
      }),
    );
    this.own({ dispose: () => this.#closeTransport() });
    this.own(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (!event.affectsConfiguration("http")) return;
        this.#closeTransport();
        for (const account of [...this.#clients.keys()]) this.forget(account);
      }),
    );
    this.own(
      parts.secrets.onDidChange(({ key }) => {
        const account = accountOfSecret(key);
        if (account) this.forget(account);
      }),
    );
    this.own(
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        for (const account of [...this.#clients.keys()]) this.forget(account);
      }),
    );
  }

  /** The account that new look-ups use. */
  get current(): string {
    return settings.account() || "default";
  }

  async use(account: string): Promise<void> {
    await settings.set("account", account);
  }

  /** The region that new look-ups of an account use. */
  async regionOf(account: string): Promise<string> {
    if (account === demo.account) return demo.region;
    const own = settings.region();
    if (isRegionName(own)) return own;
    const profile = (await this.#profiles()).find((one) => one.id === account || (account === "default" && one.region));
    return profile?.region && isRegionName(profile.region) ? profile.region : usualRegion;
  }

  /** The client of an account, which signs with that account's credential only. */
  clientFor(account: string): Promise<VodClient> {
    let client = this.#clients.get(account);
    if (!client) {
      client = this.#make(account);
      this.#clients.set(account, client);
      client.catch(() => this.#clients.delete(account));
    }
    return client;
  }

  /** Forgets what is cached of an account's credential, so that the next call reads it anew. */
  forget(account: string): void {
    this.#clients.delete(account);
    this.#sources.get(account)?.invalidate();
    this.#sources.delete(account);
    this.#changed.fire(account);
  }

  /** All accounts there are to choose from. Reads names only, never secrets. */
  async choices(): Promise<AccountChoice[]> {
    return [
      { id: "default", kind: "default", name: "default" },
      ...(await this.#profiles()),
      ...this.storedKeys().map((name): AccountChoice => ({ id: `key:${name}`, kind: "key", name })),
      { id: demo.account, kind: "demo", name: demo.account, region: demo.region },
    ];
  }

  /** The names of the keys that a person stored. */
  storedKeys(): string[] {
    return this.#parts.state.get<string[]>("keys", []);
  }

  /** Stores a key in the editor's secret storage. */
  async storeKey(name: string, credential: Credential): Promise<string> {
    await this.#parts.secrets.store(secretOf(name), JSON.stringify(credential));
    await this.#parts.state.update("keys", [...new Set([...this.storedKeys(), name])].sort());
    this.forget(`key:${name}`);
    return `key:${name}`;
  }

  async removeKey(name: string): Promise<void> {
    await this.#parts.secrets.delete(secretOf(name));
    await this.#parts.state.update(
      "keys",
      this.storedKeys().filter((one) => one !== name),
    );
    this.forget(`key:${name}`);
  }

  async #profiles(): Promise<AccountChoice[]> {
    const { listProfiles } = await import("../vod/credentials.ts");
    const profiles = await listProfiles(homedir());
    return profiles.map(({ name, mode, region }) => ({ id: `profile:${name}`, kind: "profile", name, mode, region }));
  }

  async #make(account: string): Promise<VodClient> {
    const [{ VodClient }, { systemClock }, { send }] = await Promise.all([
      import("../vod/client.ts"),
      import("../vod/clock.ts"),
      this.#openTransport(),
    ]);
    const { log } = this.#parts;
    const credentials = await this.#source(account);
    this.#sources.set(account, credentials);
    return new VodClient({
      endpoint: await this.#endpointRule(account),
      credentials,
      budget: this.#parts.budget(account),
      send,
      clock: systemClock,
      random: Math.random,
      log,
    });
  }

  /** The connections of all accounts, opened with the first call, through the proxy that the editor uses. */
  #openTransport(): Promise<Transport> {
    this.#transport ??= import("../vod/transport.ts").then(async ({ openTransport }) =>
      openTransport(await proxySettings()),
    );
    return this.#transport;
  }

  #closeTransport(): void {
    const transport = this.#transport;
    this.#transport = undefined;
    void transport?.then((one) => one.close());
  }

  /** Where an account's calls go. Only the demo may be on loopback, and nothing a workspace says counts. */
  async #endpointRule(account: string): Promise<(region: string) => string> {
    if (account === demo.account) {
      const { urlOf } = await this.#parts.demo.endpoint();
      return (region) => checkedEndpoint(urlOf(region), { loopback: true });
    }
    const override = settings.endpoint();
    return override ? () => checkedEndpoint(override) : (region) => endpointOf(region);
  }

  async #source(account: string): Promise<CredentialSource> {
    const { chainCredentials, staticCredentials } = await import("../vod/credentials.ts");
    const [kind, ...rest] = account.split(":");
    const name = rest.join(":");
    switch (kind) {
      case "demo": {
        const { accessKeyId, accessKeySecret } = await this.#parts.demo.endpoint();
        return staticCredentials({ accessKeyId, accessKeySecret });
      }
      case "key":
        return staticCredentials(await this.#storedKey(name));
      case "default":
      case "profile":
        return chainCredentials({
          profile: kind === "profile" ? name : undefined,
          trusted: vscode.workspace.isTrusted,
        });
      default:
        // Never the default chain: a job is asked for with its own account or not at all.
        throw new VodError("credentials", `There is no account "${account}"`);
    }
  }

  async #storedKey(name: string): Promise<Credential> {
    const text = await this.#parts.secrets.get(secretOf(name));
    // Undefined is normal: the editor drops secrets that it cannot decrypt any more.
    if (!text)
      throw new VodError("credentials", `The stored access key "${name}" is gone from the editor's secret storage`);
    return JSON.parse(text) as Credential;
  }
}

/**
 * The proxy of the person's own settings, else of the environment, as the editor itself chooses. A workspace's settings do
 * not count, as they would redirect signed calls.
 */
export async function proxySettings(): Promise<ProxySettings> {
  const { proxyFromEnvironment } = await import("../vod/proxy.ts");
  const environment = proxyFromEnvironment(process.env);
  const own = <T>(name: string) => vscode.workspace.getConfiguration("http").inspect<T>(name)?.globalValue;
  return {
    proxy: own<string>("proxy") || environment.proxy,
    noProxy: own<string[]>("noProxy")?.join(",") || environment.noProxy,
  };
}

const secretPrefix = "vodJobs.key:";

function secretOf(name: string): string {
  return secretPrefix + name;
}

function accountOfSecret(key: string): string | undefined {
  return key.startsWith(secretPrefix) ? `key:${key.slice(secretPrefix.length)}` : undefined;
}

/** Lets jobs that failed for want of a credential recover by themselves when the credential changed. */
export function recoverOnChange(accounts: Accounts, tracker: JobTracker): vscode.Disposable {
  return accounts.onDidChange((account) => void tracker.credentialsChanged(account));
}
