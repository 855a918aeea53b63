import type { SecureContext } from "node:tls";
import type { Dispatcher } from "undici";
import connect from "undici/lib/api/api-connect.js";
import Agent from "undici/lib/dispatcher/agent.js";
import Pool from "undici/lib/dispatcher/pool.js";
import ProxyAgent from "undici/lib/dispatcher/proxy-agent.js";
import { isUnknownIssuer, systemTrust, usualTrust } from "./certificates.ts";
import type { VodError } from "./errors.ts";
import { Exchange } from "./exchange.ts";
import { type ProxySettings, proxyAddress, proxyFor } from "./proxy.ts";
import type { HttpAnswer, HttpRequest, Send } from "./send.ts";

export interface TransportOptions extends ProxySettings {
  /** More trusted certificates, PEM. */
  readonly ca?: readonly string[];
  /** Milliseconds to connect, TLS included. */
  readonly connectTimeout?: number;
  /** The most bytes of an answer's body. */
  readonly largestBody?: number;
}

export interface Transport {
  readonly send: Send;
  /** Ends idle connections, and those in use when their call ends. */
  close(): Promise<void>;
}

const usual = { connectTimeout: 5_000, largestBody: 16 * 1024 * 1024 };

/** The most connections to one origin: more than the account's rate keeps busy, unless the service is very slow. */
const connections = 32;

/** How long an idle connection is kept: about the pace of polls, so that most of them spare the handshake. */
const keepAlive = 20_000;

/**
 * Opens HTTP/1.1 keep-alive connections of its own by undici's parts, through a proxy where one is set. Load this file
 * lazily: undici is by far the largest thing it brings.
 */
export function openTransport(options: TransportOptions = {}): Transport {
  const { connectTimeout = usual.connectTimeout, largestBody = usual.largestBody } = options;
  // The exchange has one timer for everything, so undici's own for headers and body stay off.
  const shared = { allowH2: false, connections, keepAliveTimeout: keepAlive, headersTimeout: 0, bodyTimeout: 0 };
  let dispatchers = new Map<string, Dispatcher>();
  let trust: { readonly system: boolean; context?: SecureContext } = { system: false };

  function dispatcherFor(url: string): Dispatcher {
    const proxy = proxyFor(url, options);
    const name = proxy ?? (url.startsWith("https:") ? "secure" : "plain");
    let dispatcher = dispatchers.get(name);
    if (!dispatcher) {
      dispatcher = name === "plain" ? new Agent({ ...shared, connect: { timeout: connectTimeout } }) : secured(proxy);
      dispatchers.set(name, dispatcher);
    }
    return dispatcher;
  }

  function secured(proxy: string | undefined): Dispatcher {
    trust.context ??= trust.system ? systemTrust(options.ca) : usualTrust(options.ca);
    const tls = { secureContext: trust.context, timeout: connectTimeout, allowH2: false };
    if (!proxy) return new Agent({ ...shared, connect: tls });
    const uri = proxyAddress(proxy).href;
    return new ProxyAgent({ ...shared, uri, requestTls: tls, proxyTls: tls, connectTimeout, clientFactory });
  }

  /** The connections to a proxy. Asking it for a tunnel is a method that undici's entry point gives to all dispatchers. */
  function clientFactory(origin: URL, own: object): Dispatcher {
    return Object.assign(new Pool(origin, { ...own, headersTimeout: connectTimeout }), { connect });
  }

  function exchange(request: HttpRequest): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      new Exchange(request, largestBody, resolve, reject).start(() => dispatcherFor(request.url));
    });
  }

  /** Trusts the operating system's certificates from now on. */
  function trustSystem(): void {
    if (trust.system) return;
    trust = { system: true };
    void closeAll(dispatchers);
    dispatchers = new Map();
  }

  return {
    async send(request) {
      const { system } = trust;
      try {
        return await exchange(request);
      } catch (error) {
        // Nothing was sent yet, so the exchange may simply begin again.
        if (system || !isUnknownIssuer((error as VodError).code)) throw error;
        trustSystem();
        return exchange(request);
      }
    },
    close() {
      const open = dispatchers;
      dispatchers = new Map();
      return closeAll(open);
    },
  };
}

async function closeAll(dispatchers: ReadonlyMap<string, Dispatcher>): Promise<void> {
  await Promise.all([...dispatchers.values()].map((dispatcher) => dispatcher.close()));
}
