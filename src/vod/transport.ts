import type { SecureContext } from "node:tls";
import type { Dispatcher } from "undici";
import Agent from "undici/lib/dispatcher/agent.js";
import ProxyAgent from "undici/lib/dispatcher/proxy-agent.js";
import { trustedContext } from "./certificates.ts";
import { Exchange } from "./exchange.ts";
import { type ProxySettings, proxyFor } from "./proxy.ts";
import type { Send } from "./send.ts";

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

/** How long an idle connection is kept: about the pace of polls, so that most of them spare the handshake. */
const keepAlive = 20_000;

/**
 * Opens HTTP/1.1 keep-alive connections of its own by undici's parts, through a proxy where one is set. Load this file
 * lazily: undici is by far the largest thing it brings.
 */
export function openTransport(options: TransportOptions = {}): Transport {
  const { connectTimeout, largestBody } = { ...usual, ...options };
  // The exchange has one timer for everything, so undici's own for headers and body stay off.
  const shared = { allowH2: false, pipelining: 1, keepAliveTimeout: keepAlive, headersTimeout: 0, bodyTimeout: 0 };
  const dispatchers = new Map<string, Dispatcher>();
  let trusted: SecureContext | undefined;

  function dispatcherFor(url: string): Dispatcher {
    const proxy = proxyFor(url, options);
    const secure = url.startsWith("https:");
    const name = proxy ?? (secure ? "secure" : "plain");
    let dispatcher = dispatchers.get(name);
    if (!dispatcher) {
      if (secure) trusted ??= trustedContext(options.ca);
      const tls = { secureContext: trusted, timeout: connectTimeout };
      dispatcher = proxy
        ? new ProxyAgent({ ...shared, uri: proxy, requestTls: tls, proxyTls: tls, connectTimeout })
        : new Agent({ ...shared, connect: secure ? tls : { timeout: connectTimeout } });
      dispatchers.set(name, dispatcher);
    }
    return dispatcher;
  }

  return {
    send(request) {
      return new Promise((resolve, reject) => {
        new Exchange(request, largestBody, resolve, reject).start(() => dispatcherFor(request.url));
      });
    },
    async close() {
      const open = [...dispatchers.values()];
      dispatchers.clear();
      await Promise.all(open.map((dispatcher) => dispatcher.close()));
    },
  };
}
