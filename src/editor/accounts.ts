import * as vscode from "vscode";
import type { VodClient } from "../vod/client.ts";
import type { Credential, CredentialSource, RateBudget } from "../vod/types.ts";
import type { AccountChoice } from "./accountChoices.ts";
import type { ClientMaker } from "./clientMaker.ts";
import type { CredentialWatch } from "./credentialWatch.ts";
import type { DemoAccount } from "./demoAccount.ts";
import { Owner } from "./lifecycle.ts";
import type { Log } from "./log.ts";
import { settings } from "./settings.ts";

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
  /** Loaded with the first call. */
  #clientMaker: Promise<ClientMaker> | undefined;
  #watch: Promise<CredentialWatch> | undefined;
  readonly #changed = this.own(new vscode.EventEmitter<Which>());
  /** Fires with a test that tells accounts whose credential may be another now. */
  readonly onDidChange = this.#changed.event;

  constructor(parts: Parts) {
    super();
    this.#parts = parts;
    this.own(
      settings.onDidChange((affects) => {
        if (affects("endpoint")) this.forget(() => true);
      }),
    );
    this.own({ dispose: () => this.#closeConnections() });
    this.own(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (!event.affectsConfiguration("http")) return;
        this.#closeConnections();
        this.forget(() => true);
      }),
    );
    this.own(
      parts.secrets.onDidChange(({ key }) => {
        const account = accountOfSecret(key);
        if (account) this.forget(account);
      }),
    );
    this.own(vscode.workspace.onDidGrantWorkspaceTrust(() => this.forget(isInFiles)));
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
    return (await import("./accountChoices.ts")).regionOf(account);
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

  /** Forgets what is cached of these accounts' credentials, so that the next call reads them anew. */
  forget(which: string | Which): void {
    const isMeant: Which = typeof which === "string" ? (account) => account === which : which;
    for (const account of [...this.#clients.keys()].filter(isMeant)) this.#clients.delete(account);
    for (const account of [...this.#sources.keys()].filter(isMeant)) {
      this.#sources.get(account)?.invalidate();
      this.#sources.delete(account);
    }
    this.#changed.fire(isMeant);
  }

  /** Notices from now on when a file that holds credentials changes: the accounts in files are then read anew. */
  watchFiles(): void {
    const onChange = () => {
      this.#parts.log.info("credentials: a file changed, accounts in files are read anew");
      this.forget(isInFiles);
    };
    this.#watch ??= import("./credentialWatch.ts").then(({ CredentialWatch }) =>
      this.own(new CredentialWatch(onChange)),
    );
  }

  /** All accounts there are to choose from. Reads names only, never secrets. */
  async choices(): Promise<AccountChoice[]> {
    return (await import("./accountChoices.ts")).accountChoices(this.storedKeys());
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

  /** The id, without the secret, of a stored key: to offer it again when the key is renewed. */
  async storedKeyId(name: string): Promise<string | undefined> {
    const text = await this.#parts.secrets.get(secretOf(name));
    return text ? (JSON.parse(text) as Credential).accessKeyId : undefined;
  }

  async removeKey(name: string): Promise<void> {
    await this.#parts.secrets.delete(secretOf(name));
    await this.#parts.state.update(
      "keys",
      this.storedKeys().filter((one) => one !== name),
    );
    this.forget(`key:${name}`);
  }

  async #make(account: string): Promise<VodClient> {
    const secret = (name: string) => this.#parts.secrets.get(secretOf(name));
    this.#clientMaker ??= import("./clientMaker.ts").then(
      ({ ClientMaker }) =>
        new ClientMaker({
          ...this.#parts,
          secret,
          onRewrite: () => void this.#watch?.then((watch) => watch.wroteThem()),
        }),
    );
    const { client, credentials } = await (await this.#clientMaker).make(account);
    this.#sources.set(account, credentials);
    return client;
  }

  #closeConnections(): void {
    void this.#clientMaker?.then((maker) => maker.closeConnections());
  }
}

const secretPrefix = "vodJobs.key:";

function secretOf(name: string): string {
  return secretPrefix + name;
}

function accountOfSecret(key: string): string | undefined {
  return key.startsWith(secretPrefix) ? `key:${key.slice(secretPrefix.length)}` : undefined;
}

/** Which accounts. */
type Which = (account: string) => boolean;

/** Whether an account's credential comes, or may come, from a file. */
export const isInFiles: Which = (account) => account === "default" || account.startsWith("profile:");
