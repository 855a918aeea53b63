import * as vscode from "vscode";
import { VodClient, type VodClientParts } from "../vod/client.ts";
import { systemClock } from "../vod/clock.ts";
import { chainCredentials, staticCredentials } from "../vod/credentials.ts";
import { checkedEndpoint, endpointOf } from "../vod/endpoints.ts";
import { VodError } from "../vod/errors.ts";
import { type OnWay, withFallback } from "../vod/fallback.ts";
import { hostSend } from "../vod/hostSend.ts";
import type { Send } from "../vod/send.ts";
import { openTransport, type Transport } from "../vod/transport.ts";
import type { Credential, CredentialSource, RateBudget } from "../vod/types.ts";
import { type DemoAccount, demo } from "./demoAccount.ts";
import type { Log } from "./log.ts";
import { proxySettings } from "./proxySettings.ts";
import { settings } from "./settings.ts";

export interface ClientMakerParts {
  readonly demo: DemoAccount;
  readonly log: Log;
  /** The call budget of an account, shared by all windows. */
  budget(account: string): RateBudget;
  /** What the editor's secret storage has of a stored key. */
  secret(name: string): Thenable<string | undefined>;
  /** Called when a profile's provider has just rewritten its file by itself. */
  onRewrite(): void;
}

/** Makes the clients of accounts; the connections are shared. The library for connections comes with this file. */
export class ClientMaker {
  readonly #parts: ClientMakerParts;
  #transport: Transport | undefined;

  constructor(parts: ClientMakerParts) {
    this.#parts = parts;
  }

  /** The client of an account, and where its credential comes from. */
  async make(account: string): Promise<{ client: VodClient; credentials: CredentialSource }> {
    const credentials = await this.#source(account);
    const client = new VodClient({
      endpoint: await this.#endpointRule(account),
      credentials,
      budget: this.#parts.budget(account),
      send: this.#sendFor(account),
      clock: systemClock,
      random: Math.random,
      log: this.#parts.log,
    });
    return { client, credentials };
  }

  /** Over our own connections; over the editor's where only that passes, as it knows PAC files and Kerberos. */
  #sendFor(account: string): Send {
    const { log } = this.#parts;
    const onWay: OnWay = (way, { code }) =>
      way === "host"
        ? log.warn(`account ${account}: no connection of our own (${code}); calls go through the editor's network now`)
        : log.info(`account ${account}: the editor's network failed (${code}); our own connections are tried again`);
    const host = hostSend((url, init) => globalThis.fetch(url, init));
    return withFallback(this.#openTransport().send, host, onWay);
  }

  /** Clients that are made from now on have new connections. */
  closeConnections(): void {
    const transport = this.#transport;
    this.#transport = undefined;
    void transport?.close();
  }

  /** The connections of all accounts, opened with the first call, through the proxy that the editor uses. */
  #openTransport(): Transport {
    this.#transport ??= openTransport(proxySettings());
    return this.#transport;
  }

  /** Where an account's calls go. Only the demo may be on loopback, and nothing a workspace says counts. */
  async #endpointRule(account: string): Promise<VodClientParts["endpoint"]> {
    if (account === demo.account) {
      const { urlOf } = await this.#parts.demo.endpoint();
      return async (region) => checkedEndpoint(await urlOf(region), { loopback: true });
    }
    const override = settings.endpoint();
    return override ? () => checkedEndpoint(override) : (region) => endpointOf(region);
  }

  async #source(account: string): Promise<CredentialSource> {
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
          onRewrite: () => this.#parts.onRewrite(),
        });
      default:
        // Never the default chain: a job is asked for with its own account or not at all.
        throw new VodError("credentials", `There is no account "${account}"`);
    }
  }

  async #storedKey(name: string): Promise<Credential> {
    const text = await this.#parts.secret(name);
    // Undefined is normal: the editor drops secrets that it cannot decrypt any more.
    if (!text)
      throw new VodError("credentials", `The stored access key "${name}" is gone from the editor's secret storage`);
    return JSON.parse(text) as Credential;
  }
}
