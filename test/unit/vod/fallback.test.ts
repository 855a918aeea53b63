import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type * as net from "node:net";
import { describe, it, type TestContext } from "node:test";
import { VodError, type VodErrorKind } from "../../../src/vod/errors.ts";
import { withFallback } from "../../../src/vod/fallback.ts";
import { hostSend } from "../../../src/vod/hostSend.ts";
import type { HttpAnswer, HttpRequest, Send } from "../../../src/vod/send.ts";
import { openTransport } from "../../../src/vod/transport.ts";
import { selfSignedCertificate } from "../support/certificate.ts";
import { failsWith, listening, listeningSecurely, port, tunnel } from "../support/servers.ts";

const request: HttpRequest = { method: "POST", url: "https://vod.example/?a=1", headers: {}, timeout: 5_000 };
const answer: HttpAnswer = { status: 200, headers: {}, body: "{}" };

describe("sending by the host's fetch", () => {
  async function serving(test: TestContext, listener: RequestListener, largestBody?: number) {
    const server = await listening(test, createServer(listener));
    const url = `http://127.0.0.1:${port(server)}/?a=1`;
    const send = hostSend(fetch, largestBody);
    return (more: Partial<HttpRequest> = {}) => send({ ...request, url, ...more });
  }

  it("sends what was signed and nothing that would have to be, and gives the answer", async (test) => {
    let seen: IncomingMessage | undefined;
    const send = await serving(test, (incoming, outgoing) => {
      seen = incoming;
      outgoing.writeHead(418, { "X-One": "1" }).end("täst");
    });
    const given = await send({ headers: { host: "vod.example", "x-acs-action": "GetJobDetail" }, body: "{}" });
    assert.deepEqual([given.status, given.body, given.headers["x-one"]], [418, "täst", "1"]);
    assert.equal(seen?.url, "/?a=1");
    assert.equal(seen?.method, "POST");
    assert.equal(seen?.headers["x-acs-action"], "GetJobDetail");
    assert.equal(seen?.headers["content-type"], undefined, "it would have to be signed");
    assert.equal(seen?.headers["accept-encoding"], "identity");
    await send();
    assert.equal(seen?.headers["content-length"], "0");
  });

  it("follows no redirect: a signed request goes to its own host only", async (test) => {
    let elsewhere = 0;
    const other = await listening(
      test,
      createServer(() => elsewhere++),
    );
    const send = await serving(test, (_incoming, outgoing) =>
      outgoing.writeHead(307, { location: `http://127.0.0.1:${port(other)}/` }).end(),
    );
    assert.equal((await send()).status, 307);
    assert.equal(elsewhere, 0);
  });

  const failures: [
    what: string,
    listener: RequestListener,
    request: Partial<HttpRequest>,
    kind: VodErrorKind,
    code?: string,
  ][] = [
    ["no answer in time", () => {}, { timeout: 50 }, "timeout", "CallTimeout"],
    ["no end in time", (_, outgoing) => void outgoing.write("{"), { timeout: 50 }, "timeout", "CallTimeout"],
    ["a canceled call", () => {}, { signal: AbortSignal.abort() }, "cancelled"],
    ["a call that is canceled later", () => {}, { signal: AbortSignal.timeout(20) }, "timeout"],
    ["too large an answer", (_, outgoing) => outgoing.end("x".repeat(2_000)), {}, "malformed", "AnswerTooLarge"],
    ["a broken connection", ({ socket }) => socket.destroy(), {}, "network"],
  ];
  for (const [what, listener, more, kind, code] of failures) {
    it(`fails by ${what} as the other way does`, async (test) => {
      const send = await serving(test, listener, 1_000);
      await assert.rejects(send(more), failsWith(kind, code));
    });
  }

  it("names the cause, not just that fetch failed", async () => {
    const closed = createServer().listen(0, "127.0.0.1");
    await once(closed, "listening");
    const url = `http://127.0.0.1:${port(closed)}/`;
    closed.close();
    const refused = hostSend(fetch)({ ...request, url });
    await assert.rejects(refused, { code: "ECONNREFUSED", kind: "network" });
  });
});

describe("the way of an account's calls", () => {
  const unsent = new VodError("network", "no way", { code: "ENOTFOUND", unsent: true });
  const sent = new VodError("network", "broke off", { code: "UND_ERR_SOCKET", unsent: false });

  /** Ways that do as told, call by call; what went over them, and what was decided. */
  function ways(own: readonly (VodError | undefined)[], host: readonly (VodError | undefined)[]) {
    const went: string[] = [];
    const way = (name: string, outcomes: readonly (VodError | undefined)[]): Send => {
      const left = outcomes.values();
      return async () => {
        went.push(name);
        const failure = left.next().value;
        if (failure) throw failure;
        return answer;
      };
    };
    const send = withFallback(way("own", own), way("host", host), (to, { code }) => went.push(`→${to} ${code}`));
    return { went, send };
  }

  it("is our own as long as that connects", async () => {
    const { went, send } = ways([undefined, sent, undefined], []);
    await send(request);
    await assert.rejects(send(request), sent);
    await send(request);
    assert.deepEqual(went, ["own", "own", "own"]);
  });

  it("becomes the host's, once, where only that connects, and stays so", async () => {
    const { went, send } = ways([unsent], []);
    await send(request);
    await send(request);
    await send(request);
    assert.deepEqual(went, ["own", "host", "→host ENOTFOUND", "host", "host"]);
  });

  it("stays our own when neither connects, and the failure is ours", async () => {
    const { went, send } = ways([unsent, unsent], [sent, sent]);
    await assert.rejects(send(request), unsent);
    await assert.rejects(send(request), unsent);
    assert.deepEqual(went, ["own", "host", "own", "host"]);
  });

  it("becomes our own again when the host's breaks", async () => {
    const { went, send } = ways([unsent], [undefined, sent]);
    await send(request);
    await assert.rejects(send(request), sent);
    await send(request);
    assert.deepEqual(went, ["own", "host", "→host ENOTFOUND", "host", "→own UND_ERR_SOCKET", "own"]);
  });

  it("is decided once by calls at the same time", async () => {
    const { went, send } = ways([unsent, unsent], []);
    await Promise.all([send(request), send(request)]);
    assert.equal(went.filter((one) => one.startsWith("→")).length, 1);
  });

  it("is not the host's for plain http, for what was canceled, or for other failures", async () => {
    const denied = new VodError("malformed", "too large");
    const { went, send } = ways([unsent, unsent, denied], []);
    await assert.rejects(send({ ...request, url: "http://127.0.0.1:1/" }), unsent);
    await assert.rejects(send({ ...request, signal: AbortSignal.abort() }), unsent);
    await assert.rejects(send(request), denied);
    assert.deepEqual(went, ["own", "own", "own"]);
  });

  it("gives the host the time that is left, and none when none is", async () => {
    const given: number[] = [];
    const slow: Send = async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      throw unsent;
    };
    const host: Send = async ({ timeout }) => {
      given.push(timeout);
      return answer;
    };
    await withFallback(slow, host, () => {})({ ...request, timeout: 1_000 });
    await assert.rejects(withFallback(slow, host, () => {})({ ...request, timeout: 5 }), unsent);
    assert.equal(given.length, 1);
    assert.ok(given[0]! <= 985, String(given[0]));
  });

  it("leads past a proxy that asks for a user, where the host has one", async (test) => {
    const certificate = selfSignedCertificate("localhost");
    const target = await listeningSecurely(test, certificate);
    const proxy = await listening(test, createServer());
    const asked: boolean[] = [];
    proxy.on("connect", ({ headers }: IncomingMessage, socket: net.Socket) => {
      const welcome = headers["proxy-authorization"] === `Basic ${Buffer.from("me:secret").toString("base64")}`;
      asked.push(welcome);
      if (!welcome) {
        socket.end('HTTP/1.1 407 Who\r\nproxy-authenticate: Basic realm="p"\r\ncontent-length: 0\r\n\r\n');
        return;
      }
      tunnel(test, socket, port(target));
    });
    const address = `127.0.0.1:${port(proxy)}`;
    const own = openTransport({ proxy: `http://${address}`, ca: [certificate.cert] });
    const other = openTransport({ proxy: `http://me:secret@${address}`, ca: [certificate.cert] });
    test.after(() => Promise.all([own.close(), other.close()]));
    const decided: string[] = [];
    const send = withFallback(own.send, other.send, (way, { code }) => decided.push(`${way} ${code}`));
    const url = `https://localhost:${port(target)}/`;
    assert.equal((await send({ ...request, url })).body, "{}");
    assert.equal((await send({ ...request, url })).body, "{}");
    assert.deepEqual(decided, ["host PROXY_407"]);
    assert.equal(asked.filter((welcome) => !welcome).length, 1, "not asked again");
  });
});
