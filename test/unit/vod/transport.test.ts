import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import * as net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { promisify } from "node:util";
import type { VodError } from "../../../src/vod/errors.ts";
import type { HttpRequest } from "../../../src/vod/send.ts";
import { openTransport, type TransportOptions } from "../../../src/vod/transport.ts";
import { selfSignedCertificate } from "../support/certificate.ts";
import { failsWith, listening, listeningSecurely, port, tunnel } from "../support/servers.ts";

/** A server of one listener and a function that sends to it. */
async function serving(test: TestContext, listener: RequestListener, options: TransportOptions = {}) {
  const server = await listening(test, createServer(listener));
  const transport = openTransport(options);
  test.after(() => transport.close());
  const origin = `http://127.0.0.1:${port(server)}`;
  const send = (request: Partial<HttpRequest> = {}) =>
    transport.send({ method: "POST", url: `${origin}/?a=1`, headers: {}, timeout: 5_000, ...request });
  return { server, send, origin };
}

describe("an exchange", () => {
  it("sends method, path, query, headers and body, and gives status, headers and body", async (test) => {
    let seen: { incoming: IncomingMessage; body: string } | undefined;
    const { send } = await serving(test, (incoming, outgoing) => {
      let body = "";
      incoming.on("data", (chunk) => {
        body += chunk;
      });
      incoming.on("end", () => {
        seen = { incoming, body };
        outgoing.writeHead(418, { "X-One": "1", "Set-Cookie": ["a", "b"] }).end("täst");
      });
    });
    const answer = await send({ headers: { host: "vod.example", "x-acs-action": "GetJobDetail" }, body: "{}" });
    assert.equal(answer.status, 418);
    assert.equal(answer.body, "täst");
    assert.equal(answer.headers["x-one"], "1");
    assert.equal(answer.headers["set-cookie"], "a, b");
    assert.equal(seen?.body, "{}");
    assert.equal(seen?.incoming.method, "POST");
    assert.equal(seen?.incoming.url, "/?a=1");
    assert.equal(seen?.incoming.headers.host, "vod.example");
    assert.equal(seen?.incoming.headers["x-acs-action"], "GetJobDetail");
    assert.equal(seen?.incoming.headers["accept-encoding"], undefined, "compression is not asked for");
    assert.equal(seen?.incoming.httpVersion, "1.1");
  });

  it("sends an empty POST with its length, as servers want it", async (test) => {
    let length: string | undefined;
    const { send } = await serving(test, ({ headers }, outgoing) => {
      length = headers["content-length"];
      outgoing.end();
    });
    assert.equal((await send()).body, "");
    assert.equal(length, "0");
  });

  it("keeps characters whole that are split between packets", async (test) => {
    const bytes = Buffer.from("中文".repeat(5));
    const { send } = await serving(test, async (_incoming, outgoing) => {
      for (const byte of bytes) {
        outgoing.write(Buffer.from([byte]));
        await new Promise(setImmediate);
      }
      outgoing.end();
    });
    assert.equal((await send()).body, "中文".repeat(5));
  });

  it("uses connections again: undici rests one for a turn of the event loop, so a second serves meanwhile", async (test) => {
    const ports = new Set<number | undefined>();
    const { send } = await serving(test, ({ socket }, outgoing) => {
      ports.add(socket.remotePort);
      outgoing.end("{}");
    });
    for (let call = 0; call < 6; call++) await send();
    assert.ok(ports.size <= 2, `${ports.size} connections`);
  });

  it("ignores informational answers", async (test) => {
    const { send } = await serving(test, (_incoming, outgoing) => {
      outgoing.writeProcessing();
      outgoing.end("done");
    });
    assert.deepEqual(await send().then(({ status, body }) => [status, body]), [200, "done"]);
  });
});

describe("a broken exchange", () => {
  it("is a network failure when nobody listens", async (test) => {
    const { server, send } = await serving(test, () => {});
    server.close();
    await assert.rejects(send(), failsWith("network", "ECONNREFUSED"));
  });

  it("is a network failure when the host does not exist", async (test) => {
    const { send } = await serving(test, () => {});
    await assert.rejects(send({ url: "http://no-such-host.invalid/" }), (error: VodError) => {
      failsWith("network")(error);
      return /ENOTFOUND|EAI_AGAIN/.test(error.code ?? "");
    });
  });

  it("is a timeout when TLS does not come about", async (test) => {
    const silent = await listening(test, net.createServer());
    const { send } = await serving(test, () => {}, { connectTimeout: 50 });
    await assert.rejects(
      send({ url: `https://127.0.0.1:${port(silent)}/` }),
      failsWith("timeout", "UND_ERR_CONNECT_TIMEOUT"),
    );
  });

  it("is a timeout when no answer comes", async (test) => {
    const { send } = await serving(test, () => {});
    await assert.rejects(send({ timeout: 50 }), failsWith("timeout", "CallTimeout"));
  });

  it("is a timeout when an answer begins and does not end", async (test) => {
    const { send } = await serving(test, (_incoming, outgoing) => void outgoing.write("{"));
    await assert.rejects(send({ timeout: 1_000 }), (error: VodError) => {
      failsWith("timeout", "CallTimeout")(error);
      return /did not end/.test(error.message);
    });
  });

  it("is a network failure when the connection breaks in the middle of the body", async (test) => {
    const { send } = await serving(test, (_incoming, outgoing) => {
      outgoing.writeHead(200, { "content-length": "100" });
      outgoing.write("{", () => outgoing.destroy());
    });
    await assert.rejects(send(), failsWith("network"));
  });

  it("is a network failure when what answers does not speak HTTP", async (test) => {
    const odd = await listening(
      test,
      net.createServer((socket) => socket.end("SSH-2.0-OpenSSH\r\n")),
    );
    const { send } = await serving(test, () => {});
    await assert.rejects(send({ url: `http://127.0.0.1:${port(odd)}/` }), failsWith("network"));
  });

  it("works again afterwards", async (test) => {
    let answers = 0;
    const { send } = await serving(test, ({ socket }, outgoing) => {
      if (answers++ === 0) socket.destroy();
      else outgoing.end("{}");
    });
    await assert.rejects(send(), failsWith("network"));
    assert.equal((await send()).status, 200);
  });
});

describe("an answer that is too large", () => {
  const large = 64 * 1024;
  const tooLarge = failsWith("malformed", "AnswerTooLarge");

  it("is refused by its announced length, before it came", async (test) => {
    const { send } = await serving(
      test,
      (_incoming, outgoing) => {
        outgoing.writeHead(200, { "content-length": String(large + 1) });
        outgoing.flushHeaders();
      },
      { largestBody: large },
    );
    await assert.rejects(send(), tooLarge);
  });

  it("is refused by its real length, and not read on", async (test) => {
    let closed: Promise<unknown> | undefined;
    const { send } = await serving(
      test,
      (_incoming, outgoing) => {
        closed = once(outgoing, "close");
        const more = () => {
          while (!outgoing.destroyed && outgoing.write(Buffer.alloc(16 * 1024)));
          if (!outgoing.destroyed) outgoing.once("drain", more);
        };
        more();
      },
      { largestBody: large },
    );
    await assert.rejects(send(), (error: VodError) => tooLarge(error) && /larger than 0.0625 MB/.test(error.message));
    await closed;
  });

  it("is read up to the very cap", async (test) => {
    const { send } = await serving(test, (_incoming, outgoing) => outgoing.end("a".repeat(large)), {
      largestBody: large,
    });
    assert.equal((await send()).body.length, large);
  });

  it("is anything over 16 MB by default", async (test) => {
    const { send } = await serving(test, (_incoming, outgoing) => {
      outgoing.writeHead(200, { "content-length": String(16 * 1024 * 1024 + 1) });
      outgoing.flushHeaders();
    });
    await assert.rejects(send(), (error: VodError) => tooLarge(error) && /16 MB/.test(error.message));
  });
});

it("refuses an answer that is compressed though that was not asked for", async (test) => {
  const { send } = await serving(test, (_incoming, outgoing) => {
    outgoing.writeHead(200, { "content-encoding": "gzip" }).end("xx");
  });
  await assert.rejects(send(), failsWith("malformed"));
});

describe("cancelling", () => {
  it("sends nothing when it comes before", async (test) => {
    let asked = 0;
    const { send } = await serving(test, (_incoming, outgoing) => {
      asked++;
      outgoing.end();
    });
    await assert.rejects(send({ signal: AbortSignal.abort() }), failsWith("cancelled"));
    await send();
    assert.equal(asked, 1);
  });

  it("sends nothing when it comes before the connection", async (test) => {
    let asked = 0;
    const { send } = await serving(test, (_incoming, outgoing) => {
      asked++;
      outgoing.end();
    });
    const controller = new AbortController();
    const canceled = assert.rejects(send({ signal: controller.signal }), failsWith("cancelled"));
    controller.abort();
    await canceled;
    await send();
    assert.equal(asked, 1);
  });

  it("ends a waiting exchange at once and closes its connection", async (test) => {
    const controller = new AbortController();
    let closed: Promise<unknown> | undefined;
    const { send } = await serving(test, (_incoming, outgoing: ServerResponse) => {
      closed = once(outgoing, "close");
      controller.abort();
    });
    await assert.rejects(send({ signal: controller.signal }), failsWith("cancelled"));
    await closed;
  });

  it("ends an exchange that still connects", async (test) => {
    const silent = await listening(test, net.createServer());
    const controller = new AbortController();
    const { send } = await serving(test, () => {});
    const sent = send({ url: `https://127.0.0.1:${port(silent)}/`, signal: controller.signal });
    await once(silent, "connection");
    controller.abort();
    await assert.rejects(sent, failsWith("cancelled"));
  });

  it("is a timeout when the signal was a deadline", async (test) => {
    const { send } = await serving(test, () => {});
    await assert.rejects(send({ signal: AbortSignal.timeout(20) }), failsWith("timeout"));
  });

  it("leaves no listener on the signal", async (test) => {
    const { send } = await serving(test, (_incoming, outgoing) => outgoing.end("{}"));
    const { signal } = new AbortController();
    let listeners = 0;
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (...args: Parameters<AbortSignal["addEventListener"]>) => {
      listeners++;
      addEventListener.apply(signal, args);
    };
    signal.removeEventListener = (...args: Parameters<AbortSignal["removeEventListener"]>) => {
      listeners--;
      removeEventListener.apply(signal, args);
    };
    await send({ signal });
    assert.equal(listeners, 0);
  });
});

describe("https", () => {
  const certificate = selfSignedCertificate("localhost");

  it("refuses a certificate that nobody trusts, having asked the operating system once", async (test) => {
    const server = await listeningSecurely(test, certificate);
    let connections = 0;
    server.on("connection", () => connections++);
    const { send } = await serving(test, () => {});
    const url = `https://localhost:${port(server)}/`;
    const refused = failsWith("network", "DEPTH_ZERO_SELF_SIGNED_CERT");
    await assert.rejects(send({ url }), refused);
    await assert.rejects(send({ url }), refused);
    assert.equal(connections, 3);
  });

  it("trusts given certificates beside the usual ones", async (test) => {
    const server = await listeningSecurely(test, certificate);
    const { send } = await serving(test, () => {}, { ca: [certificate.cert] });
    assert.equal((await send({ url: `https://localhost:${port(server)}/` })).body, "{}");
  });

  it("trusts what the operating system trusts, once a connection needs it", {
    skip: process.platform !== "linux",
  }, async (test) => {
    const server = await listeningSecurely(test, certificate);
    const folder = await mkdtemp(join(tmpdir(), "certificate-"));
    test.after(() => rm(folder, { recursive: true }));
    const SSL_CERT_FILE = join(folder, "roots.pem");
    await writeFile(SSL_CERT_FILE, certificate.cert);
    const script = `
      const { send } = openTransport();
      const one = () => send({ method: "POST", url: "https://localhost:${port(server)}/", headers: {}, timeout: 5000 });
      console.log((await Promise.all([one(), one()])).map(({ status }) => status).join());`;
    assert.equal(await runScript(script, { SSL_CERT_FILE }), "200,200");
  });

  it("refuses a trusted certificate of another host", async (test) => {
    const server = await listeningSecurely(test, certificate);
    const { send } = await serving(test, () => {}, { ca: [certificate.cert] });
    await assert.rejects(
      send({ url: `https://127.0.0.1:${port(server)}/` }),
      failsWith("network", "ERR_TLS_CERT_ALTNAME_INVALID"),
    );
  });
});

describe("a proxy", () => {
  const certificate = selfSignedCertificate("localhost");

  /** A CONNECT proxy that tunnels everything to one port, or refuses with a status. */
  async function proxying(test: TestContext, target: number | { refuse: number }) {
    const asked: { url?: string; authorization?: string }[] = [];
    const proxy = await listening(test, createServer());
    proxy.on("connect", ({ url, headers }: IncomingMessage, socket: net.Socket) => {
      asked.push({ url, authorization: headers["proxy-authorization"] });
      if (typeof target === "object") {
        socket.end(`HTTP/1.1 ${target.refuse} No\r\ncontent-length: 0\r\n\r\n`);
        return;
      }
      tunnel(test, socket, target);
    });
    return { asked, address: `127.0.0.1:${port(proxy)}` };
  }

  it("is asked to connect to the host, with its user, and sees nothing of the request", async (test) => {
    const server = await listeningSecurely(test, certificate);
    const { asked, address } = await proxying(test, port(server));
    const url = `https://localhost:${port(server)}/`;
    for (const user of ["me:secret", "me:50%"]) {
      const { send } = await serving(test, () => {}, { proxy: `http://${user}@${address}`, ca: [certificate.cert] });
      assert.equal((await send({ url, headers: { host: "localhost" } })).body, "{}");
      const authorization = `Basic ${Buffer.from(user).toString("base64")}`;
      assert.deepEqual(asked.pop(), { url: `localhost:${port(server)}`, authorization });
    }
    assert.deepEqual(asked, []);
  });

  it("that wants another user is named as the cause", async (test) => {
    const { address } = await proxying(test, { refuse: 407 });
    const { send } = await serving(test, () => {}, { proxy: `http://me:secret@${address}` });
    await assert.rejects(send({ url: "https://vod.cn-shanghai.aliyuncs.com/" }), (error: VodError) => {
      failsWith("network", "PROXY_407")(error);
      return !/secret/.test(error.message);
    });
  });

  it("whose address cannot be read is named as the cause; nothing was sent, so another way can be tried", async (test) => {
    const { send } = await serving(test, () => {}, { proxy: "http://me:12#secret@127.0.0.1:1" });
    const { code, unsent, message } = await send({ url: "https://vod.cn-shanghai.aliyuncs.com/" }).then(
      () => assert.fail(),
      (error: VodError) => error,
    );
    assert.deepEqual([code, unsent, message.includes("secret")], ["PROXY_ADDRESS", true, false]);
  });

  it("is left aside for hosts of noProxy and for plain http, which is loopback", async (test) => {
    const server = await listeningSecurely(test, certificate);
    const { asked, address } = await proxying(test, { refuse: 500 });
    const options = { proxy: `http://${address}`, noProxy: "localhost", ca: [certificate.cert] };
    const { send } = await serving(test, (_incoming, outgoing) => outgoing.end("plain"), options);
    assert.equal((await send({ url: `https://localhost:${port(server)}/` })).body, "{}");
    assert.equal((await send()).body, "plain");
    assert.deepEqual(asked, []);
  });
});

it("tells whether anything was sent: only then would sending it again be a second call", async (test) => {
  const certificate = selfSignedCertificate("localhost");
  const secure = await listening(test, createSecureServer(certificate));
  const silent = await listening(test, net.createServer());
  const refusing = await listening(test, createServer());
  refusing.on("connect", (_incoming, socket: net.Socket) => socket.end("HTTP/1.1 407 No\r\ncontent-length: 0\r\n\r\n"));
  const { send, server, origin } = await serving(test, ({ socket }) => socket.destroy(), { connectTimeout: 50 });
  const proxied = openTransport({ proxy: `http://127.0.0.1:${port(refusing)}` });
  const waiting = openTransport({ proxy: `http://127.0.0.1:${port(silent)}`, connectTimeout: 50 });
  test.after(() => Promise.all([proxied.close(), waiting.close()]));
  const unsent = (sent: Promise<unknown>) =>
    sent.then(
      () => assert.fail(),
      (error: VodError) => [error.code, error.unsent],
    );
  const request = { method: "POST", headers: {}, timeout: 5_000 } as const;
  assert.deepEqual(await unsent(send()), ["UND_ERR_SOCKET", false]);
  assert.deepEqual(await unsent(proxied.send({ ...request, url: "https://vod.example/" })), ["PROXY_407", true]);
  // Long before the call's own end: another way can still be tried.
  assert.deepEqual(await unsent(waiting.send({ ...request, url: "https://vod.example/" })), ["PROXY_TIMEOUT", true]);
  assert.deepEqual(await unsent(send({ url: `https://localhost:${port(secure)}/` })), [
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    true,
  ]);
  assert.deepEqual(await unsent(send({ url: `https://127.0.0.1:${port(silent)}/` })), [
    "UND_ERR_CONNECT_TIMEOUT",
    true,
  ]);
  server.close();
  assert.deepEqual(await unsent(openTransport().send({ ...request, url: `${origin}/` })), ["ECONNREFUSED", true]);
});

/** Runs a module in a process of its own that has `openTransport`, and gives what it prints. */
async function runScript(script: string, env: Record<string, string> = {}): Promise<string> {
  const module = new URL("../../../src/vod/transport.ts", import.meta.url).href;
  const whole = `const { openTransport } = await import(${JSON.stringify(module)});${script}`;
  const options = { env: { ...process.env, ...env }, timeout: 60_000 };
  return (await promisify(execFile)(process.execPath, ["--input-type=module", "-e", whole], options)).stdout.trim();
}

it("leaves the process-wide dispatchers of undici as they were, and nothing that keeps the process alive", async (test) => {
  const { origin } = await serving(test, (_incoming, outgoing) => outgoing.end("{}"));
  const script = `
    const { status } = await openTransport().send({ method: "POST", url: "${origin}/", headers: {}, timeout: 600_000 });
    const symbols = Object.getOwnPropertySymbols(globalThis).map(String).filter((name) => name.includes("undici"));
    console.log(JSON.stringify({ status, symbols }));`;
  assert.deepEqual(JSON.parse(await runScript(script)), { status: 200, symbols: [] });
});
