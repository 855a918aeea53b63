import { homedir } from "node:os";
import { systemClock } from "./clock.ts";
import { credentialFiles, stampOfFiles } from "./credentialFiles.ts";
import { credentialPlaces, type Found, isFound, type SearchOptions } from "./credentialPlaces.ts";
import { cancellation, type SearchedPlace, VodError } from "./errors.ts";
import { redact } from "./redact.ts";
import type { Clock, Credential, CredentialSource } from "./types.ts";

export { listProfiles, type Profile } from "./profiles.ts";

/** A credential that does not change: a key that a person stored, or the demo account's. */
export function staticCredentials(credential: Credential): CredentialSource {
  return { get: async () => credential, invalidate() {} };
}

export interface ChainOptions extends Partial<SearchOptions> {
  readonly trusted: boolean;
  readonly clock?: Clock;
  /** Called when a provider has just rewritten the profile file by itself. */
  readonly onRewrite?: () => void;
}

/**
 * The credential of a named profile of the command line tool, or else of Alibaba Cloud's default chain, through
 * `@alicloud/credentials`, which is loaded when first needed.
 * @param options `home` and `env` default to the process's own.
 */
export function chainCredentials(options: ChainOptions): CredentialSource {
  const { profile, trusted, home = homedir(), env = process.env, clock = systemClock, onRewrite } = options;
  return new ChainCredentials({ profile, trusted, home, env }, clock, onRewrite);
}

/** Milliseconds for which the files are not looked at again. */
const trustFiles = 1_000;
/** Milliseconds after which the provider is asked again; it renews what runs out a quarter of an hour ahead. */
const trustProvider = 120_000;
/** Milliseconds that a caller waits. A slower provider goes on, for whoever asks next. */
const patience = 10_000;

interface Held {
  readonly found: Found;
  readonly files: string;
  readonly credential: Credential;
  readonly fetchedAt: number;
  readonly checkedAt: number;
}

/** Keeps one provider and its last credential; callers at the same time share one search. */
class ChainCredentials implements CredentialSource {
  readonly #options: SearchOptions;
  readonly #clock: Clock;
  readonly #onRewrite: (() => void) | undefined;
  #held: Held | undefined;
  #search: Promise<Held> | undefined;

  constructor(options: SearchOptions, clock: Clock, onRewrite: (() => void) | undefined) {
    this.#options = options;
    this.#clock = clock;
    this.#onRewrite = onRewrite;
  }

  async get(signal?: AbortSignal): Promise<Credential> {
    if (signal?.aborted) throw cancellation(signal);
    if (this.#held && this.#isWithin(trustFiles, this.#held.checkedAt)) return this.#held.credential;
    return (await this.#patiently(this.#search ?? this.#begin(), signal)).credential;
  }

  invalidate(): void {
    this.#held = undefined;
    this.#search = undefined;
  }

  /** True when less than `ms` have passed since then; false also when the wall clock was set back. */
  #isWithin(ms: number, then: number): boolean {
    const passed = this.#clock.now() - then;
    return passed >= 0 && passed < ms;
  }

  /** Starts a search that others can join. One that was invalidated meanwhile serves its callers, but is not kept. */
  #begin(): Promise<Held> {
    const held = this.#held;
    this.#held = undefined;
    const search = this.#refreshed(held);
    this.#search = search;
    search
      .then(
        (fresh) => {
          if (this.#search === search) this.#held = fresh;
        },
        () => {},
      )
      .finally(() => {
        if (this.#search === search) this.#search = undefined;
      });
    return search;
  }

  /** What is held when it is still good, else the same provider asked again, else all places searched anew. */
  async #refreshed(held: Held | undefined): Promise<Held> {
    const files = await this.#stampOfFiles();
    if (!held || held.files !== files) return this.#searchPlaces(files);
    if (this.#isWithin(trustProvider, held.fetchedAt)) return { ...held, checkedAt: this.#clock.now() };
    try {
      return await this.#ask(held.found, files);
    } catch (error) {
      throw failed([searched(held.found, error)], [error]);
    }
  }

  async #searchPlaces(files: string): Promise<Held> {
    const places: SearchedPlace[] = [];
    const errors: unknown[] = [];
    for await (const candidate of credentialPlaces(this.#options)) {
      if (!isFound(candidate)) {
        places.push(candidate);
        continue;
      }
      try {
        return await this.#ask(candidate, files);
      } catch (error) {
        places.push(searched(candidate, error));
        errors.push(error);
      }
    }
    throw failed(places, errors);
  }

  /** A provider that writes its file by itself changes the stamp; that is no reason to search again. */
  async #ask(found: Found, files: string): Promise<Held> {
    const credential = await found.get();
    if (!credential.accessKeyId || !credential.accessKeySecret) throw new Error("the access key is incomplete");
    const now = this.#clock.now();
    const stamp = found.rewrites ? await this.#stampOfFiles() : files;
    if (stamp !== files) this.#onRewrite?.();
    return { found, credential, files: stamp, fetchedAt: now, checkedAt: now };
  }

  #stampOfFiles(): Promise<string> {
    return stampOfFiles(credentialFiles(this.#options.home, this.#options.env));
  }

  /** Waits for a search, but not longer than its caller wants or has patience. */
  async #patiently(search: Promise<Held>, signal: AbortSignal | undefined): Promise<Held> {
    const over = new AbortController();
    const late = this.#clock.sleep(patience, over.signal).then(() => {
      throw new VodError("timeout", `Getting the credential takes longer than ${patience} ms`, {
        code: "CredentialTimeout",
      });
    });
    const gone = new Promise<never>((_resolve, reject) => {
      signal?.addEventListener("abort", () => reject(cancellation(signal)), { once: true, signal: over.signal });
    });
    try {
      return await Promise.race([search, late, gone]);
    } finally {
      over.abort();
    }
  }
}

function searched({ place, where }: Found, error: unknown): SearchedPlace {
  return { place, where, outcome: "failed", reason: reasonOf(error) };
}

const networkCode = /^(E(CONN\w+|NOTFOUND|AI_AGAIN|TIMEDOUT|HOSTUNREACH|NETUNREACH|PIPE)|CERT_\w+|UNABLE_TO_\w+)$/;

/** True for a provider that could not reach its service, which says nothing about the credential. */
function isNetwork(error: unknown): boolean {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return networkCode.test(String(code)) || name === "RequestTimeoutError";
}

/** The failure of a whole search. Without the network some place may still have a credential: then that is the problem. */
function failed(places: readonly SearchedPlace[], errors: readonly unknown[]): VodError {
  const list = places.map(
    ({ place, where, outcome, reason }) => `${place} (${where}): ${outcome}${reason ? `, ${reason}` : ""}`,
  );
  const unreachable = errors.find(isNetwork) as { code?: string } | undefined;
  if (unreachable) {
    return new VodError("network", `The credential cannot be fetched. Looked in ${list.join("; ")}`, {
      code: unreachable.code,
      searched: places,
    });
  }
  return new VodError("credentials", `No credential was found. Looked in ${list.join("; ")}`, { searched: places });
}

const longestReason = 160;

/**
 * Why a provider failed, without what it read: the library puts whole files and answers, secrets included, behind a
 * colon in its messages (vod-facts §6). What stands before it is its own words; a code of the service may follow.
 */
function reasonOf(error: unknown): string {
  const { message = "", code } = (error ?? {}) as { message?: string; code?: unknown };
  const words = redact(message.split(/[:{[<\n]/, 1)[0] ?? "")
    .trim()
    .slice(0, longestReason);
  const serviceCode = /"Code"\s*:\s*"([A-Za-z][\w.]{2,60})"/.exec(message)?.[1];
  const parts = new Set([words || "it failed", serviceCode, typeof code === "string" ? code : undefined]);
  return [...parts].filter((part) => part !== undefined).join(", ");
}
