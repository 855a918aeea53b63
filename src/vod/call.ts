import { isSendable } from "./credentialText.ts";
import { cancellation, VodError } from "./errors.ts";
import { readAnswer } from "./failure.ts";
import type { JsonObject } from "./json.ts";
import { backoff, canSucceedAgain, mostAttempts, type RetryTokens } from "./retry.ts";
import type { Send } from "./send.ts";
import type { ServiceClock } from "./serviceClock.ts";
import { signatureDate, signRequest } from "./sign.ts";
import type { Clock, Credential, CredentialSource, Lane, RateBudget } from "./types.ts";

const apiVersion = "2017-03-21";

/** Milliseconds for a whole call: its attempts and the waits between them, but not the wait for the account's budget. */
const callTimeout = 15_000;

/** What the calls of a client share. */
export interface CallParts {
  /** The origin that serves a region, e.g. `https://vod.cn-shanghai.aliyuncs.com`. */
  readonly endpoint: (region: string) => string | Promise<string>;
  readonly credentials: CredentialSource;
  readonly budget: RateBudget;
  readonly send: Send;
  readonly clock: Clock;
  readonly serviceClock: ServiceClock;
  readonly retries: RetryTokens;
  /** Evenly in [0, 1). */
  readonly random: () => number;
  /** A text that was never given before. */
  readonly nonce: () => string;
}

export interface CallRequest {
  readonly action: string;
  readonly params: Readonly<Record<string, string>>;
  readonly region: string;
  readonly lane: Lane;
  readonly signal?: AbortSignal;
}

export interface CallAnswer {
  /** As it came. */
  readonly body: string;
  /** The body parsed, integers kept exact. */
  readonly value: JsonObject;
  readonly requestId: string;
}

/** One call: its attempts, each with a slot of the budget and a signature of its own, until one answers or none can. */
export class Call {
  readonly #parts: CallParts;
  readonly #request: CallRequest;
  readonly #startedAt: number;
  #attempts = 0;
  #quotaWait = 0;
  #clockCorrected = false;

  constructor(parts: CallParts, request: CallRequest) {
    this.#parts = parts;
    this.#request = request;
    this.#startedAt = parts.clock.now();
  }

  get attempts(): number {
    return this.#attempts;
  }

  /** Milliseconds spent waiting for the account's budget. */
  get quotaWait(): number {
    return this.#quotaWait;
  }

  /** Milliseconds since the call began. */
  get elapsed(): number {
    return this.#parts.clock.now() - this.#startedAt;
  }

  async run(): Promise<CallAnswer> {
    try {
      return await this.#run();
    } catch (error) {
      const { signal } = this.#request;
      throw signal?.aborted ? cancellation(signal) : error;
    }
  }

  async #run(): Promise<CallAnswer> {
    let credential = await this.#parts.credentials.get(this.#request.signal);
    let renewed = false;
    for (;;) {
      try {
        return await this.#attempt(credential);
      } catch (error) {
        if (!(error instanceof VodError) || this.#attempts >= mostAttempts) throw error;
        if (error.kind === "clock-skew") {
          if (!this.#clockCorrected) throw error;
        } else if (error.kind === "expired-token" || error.kind === "credentials") {
          if (renewed) throw error;
          credential = await this.#renew(credential, error);
          renewed = true;
        } else {
          await this.#backOff(error);
        }
      }
    }
  }

  async #attempt(credential: Credential): Promise<CallAnswer> {
    const { budget, clock, endpoint, nonce, send, serviceClock } = this.#parts;
    const { action, params, region, lane, signal } = this.#request;
    const { accessKeyId, accessKeySecret, securityToken = "" } = credential;
    if (![accessKeyId, accessKeySecret, securityToken].every(isSendable)) {
      throw new VodError("credentials", "The access key or its token has a character that none can have");
    }
    const origin = await endpoint(region);
    const askedAt = clock.now();
    await budget.take(lane, signal);
    this.#quotaWait += clock.now() - askedAt;
    this.#attempts++;
    const { headers, search } = signRequest({
      method: "POST",
      host: origin.slice(origin.indexOf("//") + 2),
      action,
      version: apiVersion,
      date: signatureDate(serviceClock.now()),
      nonce: nonce(),
      query: params,
      credential,
    });
    const answer = await send({ method: "POST", url: `${origin}/?${search}`, headers, signal, timeout: this.#left() });
    try {
      const success = readAnswer(answer, Object.values(credential));
      budget.succeeded();
      return { body: answer.body, ...success };
    } catch (error) {
      const { kind, retryAfter } = error as VodError;
      if (kind === "throttled") budget.throttled(retryAfter);
      else if (kind !== "malformed") budget.succeeded();
      this.#clockCorrected = kind === "clock-skew" && serviceClock.learn(answer.headers.date);
      throw error;
    }
  }

  /** Milliseconds that are left of the call; never more than a whole one, should the wall clock be set back meanwhile. */
  #left(): number {
    return Math.min(callTimeout, callTimeout - (this.elapsed - this.#quotaWait));
  }

  /** Another credential than the refused one; rejects with the refusal when the source has no other. */
  async #renew(refused: Credential, refusal: VodError): Promise<Credential> {
    const { credentials } = this.#parts;
    credentials.invalidate();
    const fresh = await credentials.get(this.#request.signal).catch(() => refused);
    if (JSON.stringify(fresh) === JSON.stringify(refused)) throw refusal;
    return fresh;
  }

  /** Waits before the next attempt; rejects with the failure when there is to be none. */
  async #backOff(failure: VodError): Promise<void> {
    const { clock, random, retries } = this.#parts;
    const wait = backoff(failure, this.#attempts, random);
    if (!canSucceedAgain(failure) || wait >= this.#left() || !retries.take(failure)) throw failure;
    await clock.sleep(wait, this.#request.signal);
  }
}
