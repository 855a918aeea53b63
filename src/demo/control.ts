import { randomBytes } from "node:crypto";
import type { DemoJob } from "./job.ts";
import type { AccessKey, KeyRing } from "./verify.ts";

/** How the next calls go wrong. Everything is optional; a fault with none of it is an InternalError. */
export interface Fault {
  readonly code?: string;
  readonly status?: number;
  readonly message?: string;
  /** Milliseconds, sent as `x-acs-retry-after`. */
  readonly retryAfter?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is, in place of an error body: HTML, half an answer, anything. The status is then 200 unless given. */
  readonly body?: string | Uint8Array;
  readonly contentType?: string;
  /** `reset` ends the connection without an answer, `silence` never answers. */
  readonly connection?: "reset" | "silence";
  /** Only calls of this action go wrong. */
  readonly action?: string;
}

/** A key pair with its token, as STS hands it out. */
export interface TemporaryKey {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken: string;
}

/** What tests turn while the endpoint serves. */
export interface EndpointControl {
  /** The next `times` calls that are authentic and within the limit go wrong. Faults are used up in the order given. */
  fail(times: number, fault?: Fault): void;
  /** Drops the faults that were not used up. */
  recover(): void;
  /** Disables a key (`InvalidAccessKeyId.Inactive`) or deletes it (`.NotFound`). Default: the account's own key, disabled. */
  revoke(how?: "inactive" | "deleted", accessKeyId?: string): void;
  /** Makes all revoked keys valid again. */
  restore(): void;
  /** Takes the permission for an action, or for all of them, away: `Forbidden.RAM`. */
  deny(action?: string): void;
  /** Gives all permissions back. */
  allow(): void;
  /** A temporary key that is valid for so many seconds of the endpoint's clock. */
  issueKey(seconds: number): TemporaryKey;
  /** Ends the validity of a temporary key now. */
  expireKey(accessKeyId: string): void;
  /** A bearer token; the one before becomes invalid. */
  issueBearerToken(): string;
  /** Adds a job, or replaces the one of the same type and id. */
  addJob(job: DemoJob): void;
  removeJob(job: Pick<DemoJob, "type" | "id">): void;
}

/** Random letters and digits, as keys and tokens are made of; about 6 bits each. */
export function randomText(length: number): string {
  return randomBytes(length).toString("base64url").replace(/[-_]/g, "0").slice(0, length);
}

/** The keys, permissions and planned faults of an account. */
export class Switchboard implements KeyRing {
  bearerToken?: string;
  readonly #keys = new Map<string, AccessKey>();
  readonly #revoked = new Map<string, "inactive" | "deleted">();
  readonly #denied = new Set<string>();
  readonly #faults: { left: number; readonly fault: Fault }[] = [];

  addKey(key: AccessKey): void {
    this.#keys.set(key.id, key);
  }

  expireKey(id: string): void {
    const key = this.#keys.get(id);
    if (key?.token) this.#keys.set(id, { ...key, token: { ...key.token, expiresAt: 0 } });
  }

  find(id: string): AccessKey | undefined {
    return this.#revoked.get(id) === "deleted" ? undefined : this.#keys.get(id);
  }

  isInactive(id: string): boolean {
    return this.#revoked.get(id) === "inactive";
  }

  revoke(id: string, how: "inactive" | "deleted"): void {
    this.#revoked.set(id, how);
  }

  restore(): void {
    this.#revoked.clear();
  }

  deny(action: string): void {
    this.#denied.add(action);
  }

  allow(): void {
    this.#denied.clear();
  }

  isDenied(action: string): boolean {
    return this.#denied.has(action) || this.#denied.has("*");
  }

  plan(times: number, fault: Fault): void {
    this.#faults.push({ left: times, fault });
  }

  recover(): void {
    this.#faults.length = 0;
  }

  /** The fault that a call of `action` meets; it is used up by one. */
  nextFault(action: string): Fault | undefined {
    const at = this.#faults.findIndex(({ left, fault }) => left > 0 && (fault.action ?? action) === action);
    const planned = this.#faults[at];
    if (!planned) return undefined;
    planned.left--;
    if (planned.left <= 0) this.#faults.splice(at, 1);
    return planned.fault;
  }
}
