import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { gzipSync } from "node:zlib";
import type { VodErrorKind } from "../../../src/vod/errors.ts";
import { selfSignedCertificate } from "../support/certificate.ts";
import type { Engine } from "./engine.ts";
import { bytesOf, type Fault, headOf, type Passing, type Reply } from "./proxy.ts";

/** A fault: how it begins and ends, and what becomes of a call meanwhile. */
export interface Trouble {
  readonly name: string;
  begin(engine: Engine): unknown;
  end?(engine: Engine): unknown;
  /** The kind of failure, or `ok` where the fault must not be felt. */
  readonly kind: VodErrorKind | "ok";
  /** The failure's code, where it matters. */
  readonly code?: RegExp;
  /** What a person reads, where the kind has more than one sentence. */
  readonly says?: RegExp;
  /** It ends by itself after so many milliseconds. */
  readonly lasts?: number;
  /** https instead of http between client and proxy. */
  readonly tls?: boolean;
}

const certificate = selfSignedCertificate("localhost");
const rogue = selfSignedCertificate("localhost");
/** What https is opened with. */
export const trusted = certificate;

const html = "<!DOCTYPE html><html><title>Sign in</title><body>Welcome to the hotel</body></html>";
const megabytes100 = 100 * 1024 * 1024;

/** A body with its status and headers, sent as a server does. */
const says =
  (status: number, body: string | Buffer, headers: Record<string, string> = {}): Fault =>
  ({ reply }) =>
    reply({ status, headers: { "content-type": "application/json", ...headers }, body: Buffer.from(body) });

const refusal = (Code: string) => JSON.stringify({ RequestId: "6708D849-FAULT", Code, Message: "made up" });

/** The endpoint's answer, changed. */
const changed =
  (change: (reply: Reply) => Reply): Fault =>
  async ({ forward, reply }) =>
    reply(change(await forward()));

/** A fault of every request until it ends. */
const always = (fault: Fault) => ({
  begin: (engine: Engine) => {
    engine.proxy.fault = fault;
  },
  end: (engine: Engine) => {
    engine.proxy.fault = undefined;
  },
});

/** A fault of which the client hears nothing; its connections end with it. */
const silently = (fault: Fault) => ({
  begin: (engine: Engine) => {
    engine.silent = true;
    engine.proxy.fault = fault;
  },
  end: (engine: Engine) => {
    engine.silent = false;
    engine.proxy.fault = undefined;
    engine.proxy.hangUp();
  },
});

/** Calls go nowhere near the proxy. */
const detour = (origin: string) => ({
  begin: (engine: Engine) => {
    engine.detour = origin;
  },
  end: (engine: Engine) => {
    engine.detour = undefined;
  },
});

/** The service is asked with an STS key that has run out by now. */
async function expire(engine: Engine): Promise<void> {
  engine.credential = engine.endpoint.control.issueKey(10);
  await engine.pass(11_000);
}

/** Breaks a connection; under TLS by an end without the farewell that TLS has for it. */
function reset(socket: Socket): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}

/** The body flows on until the client has had enough. */
function pour({ socket }: Passing): void {
  const chunk = Buffer.concat([Buffer.from("10000\r\n"), Buffer.alloc(0x10000, "a"), Buffer.from("\r\n")]);
  socket.write(headOf(200, { "content-type": "application/json", "transfer-encoding": "chunked" }));
  let left = megabytes100;
  const more = () => {
    while (!socket.destroyed && left > 0) {
      left -= 0x10000;
      if (!socket.write(chunk)) return;
    }
  };
  socket.on("drain", more);
  more();
}

/** Holds every second request back until the one after it was answered. */
function swapTurns(): Fault {
  let held: (() => void) | undefined;
  let turn = 0;
  return async ({ forward, reply }) => {
    const answer = await forward();
    if (turn++ % 2 === 0) {
      await new Promise<void>((resolve) => {
        held = resolve;
        setTimeout(resolve, 5);
      });
    }
    reply(answer);
    held?.();
  };
}

export const troubles: readonly Trouble[] = [
  { name: "connection refused", ...detour("http://127.0.0.1:1"), kind: "network", code: /^ECONNREFUSED$/ },
  { name: "no such host", ...detour("http://no-such-host.invalid"), kind: "network", code: /^ENOTFOUND$/ },
  { name: "no name server", ...detour("http://no-name-server.invalid"), kind: "network", code: /^EAI_AGAIN$/ },
  {
    name: "a proxy that never answers CONNECT",
    begin: (engine) => {
      engine.proxy.fault = () => {};
      engine.tunnel(`http://127.0.0.1:${engine.proxy.port}`);
    },
    end: (engine) => {
      engine.tunnel(undefined);
      engine.proxy.fault = undefined;
      engine.proxy.hangUp();
    },
    kind: "network",
    code: /^PROXY_TIMEOUT$/,
    lasts: 60_000, // each try really takes a second
    says: /The proxy does not answer \(PROXY_TIMEOUT\)\. Check the proxy settings/,
  },
  {
    name: "a proxy whose address cannot be read",
    begin: (engine) => engine.tunnel("http://user:12#50%@127.0.0.1:1"),
    end: (engine) => engine.tunnel(undefined),
    kind: "network",
    code: /^PROXY_ADDRESS$/,
    says: /The address of the proxy cannot be read \(PROXY_ADDRESS\)\..*percent-encoded: %23 for #/,
  },
  { name: "reset before the answer", ...always(({ socket }) => reset(socket)), kind: "network" },
  {
    name: "reset after the headers",
    ...always(({ socket }) => socket.write(headOf(200, { "content-length": "99" }), () => reset(socket))),
    kind: "network",
  },
  {
    name: "reset in the middle of the body",
    ...always(async ({ socket, forward }) => {
      const bytes = bytesOf(await forward());
      socket.write(bytes.subarray(0, -20), () => reset(socket));
    }),
    kind: "network",
  },
  {
    name: "body cut off, connection closed",
    ...always(async ({ socket, forward }) => socket.end(bytesOf(await forward()).subarray(0, -20))),
    kind: "network",
  },
  { name: "half-open connection, silence", ...silently(() => {}), kind: "timeout" },
  {
    name: "headers, then silence",
    ...silently(({ socket }) => socket.write(headOf(200, { "content-length": "99" }))),
    kind: "timeout",
  },
  {
    name: "a byte at a time",
    ...silently(async ({ socket, forward }) => {
      const bytes = bytesOf(await forward());
      for (let at = 0; at < bytes.length && !socket.destroyed; at++) {
        socket.write(bytes.subarray(at, at + 1));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }),
    kind: "timeout",
  },
  {
    name: "JSON cut off, length right",
    ...always(changed((reply) => ({ ...reply, body: reply.body.subarray(0, -20) }))),
    kind: "malformed",
  },
  {
    name: "length too short",
    ...always(async ({ socket, forward }) => {
      const reply = await forward();
      socket.write(Buffer.concat([Buffer.from(headOf(200, { "content-length": "30" })), reply.body]));
    }),
    kind: "malformed",
  },
  {
    name: "length that is no number",
    ...always(({ socket }) => socket.write(`${headOf(200, { "content-length": "lots" })}{}`)),
    kind: "network",
  },
  { name: "not HTTP at all", ...always(({ socket }) => socket.end("SSH-2.0-OpenSSH_9.9\r\n")), kind: "network" },
  {
    name: "wrong content type",
    ...always(changed((reply) => ({ ...reply, headers: { ...reply.headers, "content-type": "text/html" } }))),
    kind: "ok",
  },
  { name: "XML", ...always(says(200, "<?xml version='1.0'?><GetJobDetailResponse/>")), kind: "malformed" },
  { name: "empty answer", ...always(says(200, "")), kind: "malformed" },
  { name: "captive portal", ...always(says(200, html, { "content-type": "text/html" })), kind: "malformed" },
  {
    name: "redirect to a sign-in page",
    ...always(says(302, html, { location: "https://hotel.example/" })),
    kind: "malformed",
  },
  {
    name: "gzip bomb",
    ...always(says(200, gzipSync(Buffer.alloc(10 * 1024 * 1024)), { "content-encoding": "gzip" })),
    kind: "malformed",
  },
  {
    name: "100 MB announced",
    ...always(({ socket }) => socket.write(headOf(200, { "content-length": String(megabytes100) }))),
    kind: "malformed",
    code: /^AnswerTooLarge$/,
  },
  { name: "100 MB in chunks", ...always(pour), kind: "malformed", code: /^AnswerTooLarge$/ },
  { name: "429 without a word", ...always(says(429, "")), kind: "throttled" },
  { name: "429 of a gateway, in HTML", ...always(says(429, html)), kind: "throttled" },
  {
    name: "429 with a wait",
    ...always(says(429, refusal("Throttling"), { "x-acs-retry-after": "3000" })),
    kind: "throttled",
    code: /^Throttling$/,
  },
  { name: "429 without a wait", ...always(says(429, refusal("Throttling.User"))), kind: "throttled" },
  { name: "400 that means throttling", ...always(says(400, refusal("Throttling.Api"))), kind: "throttled" },
  {
    name: "throttled for a minute",
    begin: (engine) => {
      const end = engine.clock.now() + 60_000;
      const refuse = says(400, refusal("Throttling.User"), { "x-acs-retry-after": "1000" });
      engine.proxy.fault = async (passing) =>
        engine.clock.now() < end ? refuse(passing) : passing.reply(await passing.forward());
    },
    lasts: 60_000,
    kind: "throttled",
  },
  { name: "500 storm", ...always(says(500, refusal("InternalError"))), kind: "service" },
  {
    name: "500 storm with a wait",
    ...always(says(500, refusal("InternalError"), { "retry-after": "2" })),
    kind: "service",
  },
  { name: "503 storm", ...always(says(503, refusal("ServiceUnAvailable"))), kind: "service" },
  {
    name: "503 storm with a long wait",
    ...always(says(503, refusal("ServiceUnAvailable"), { "x-acs-retry-after": "60000" })),
    kind: "service",
  },
  { name: "502 of a gateway, in HTML", ...always(says(502, html)), kind: "malformed" },
  {
    name: "certificate of an unknown authority",
    begin: ({ proxy }) => proxy.certify(rogue),
    end: ({ proxy }) => proxy.certify(certificate),
    kind: "network",
    code: /SELF_SIGNED/,
    says: /certificate is signed by someone this computer does not trust/,
    tls: true,
  },
  ...[1, -1].map(
    (hours): Trouble => ({
      name: `clock ${hours > 0 ? "behind" : "ahead"} by an hour, and the service tells its time`,
      begin: (engine) => {
        engine.skew = hours * 3_600_000;
      },
      kind: "ok",
    }),
  ),
  ...[1, -1].map(
    (hours): Trouble => ({
      name: `clock ${hours > 0 ? "behind" : "ahead"} by an hour, and nobody tells the time`,
      begin: (engine) => {
        engine.skew = hours * 3_600_000;
        engine.proxy.fault = changed(({ headers: { date: _, ...headers }, ...reply }) => ({ ...reply, headers }));
      },
      end: (engine) => {
        engine.skew = 0;
        engine.proxy.fault = undefined;
      },
      kind: "clock-skew",
    }),
  ),
  {
    name: "token expired, and there is a new one",
    begin: async (engine) => {
      await expire(engine);
      engine.renewed = engine.endpoint.control.issueKey(24 * 3600);
    },
    kind: "ok",
  },
  {
    name: "token expired",
    begin: expire,
    end: (engine) => {
      engine.renewed = engine.endpoint.control.issueKey(24 * 3600);
    },
    kind: "expired-token",
  },
  ...(["inactive", "deleted"] as const).map(
    (how): Trouble => ({
      name: `key ${how}`,
      begin: ({ endpoint }) => endpoint.control.revoke(how),
      end: ({ endpoint }) => endpoint.control.restore(),
      kind: "credentials",
    }),
  ),
  {
    name: "key with a mark that nobody sees",
    begin: (engine) => {
      engine.credential = { ...engine.endpoint, accessKeyId: `${engine.endpoint.accessKeyId}\u200b` };
    },
    end: (engine) => {
      engine.credential = engine.endpoint;
    },
    kind: "credentials",
    says: /No usable credentials: .*has a character that none can have/,
  },
  {
    name: "permission taken away",
    begin: ({ endpoint }) => endpoint.control.deny(),
    end: ({ endpoint }) => endpoint.control.allow(),
    kind: "permission",
  },
  {
    name: "every answer twice",
    ...always(async ({ socket, forward }) => {
      const bytes = bytesOf(await forward());
      socket.write(Buffer.concat([bytes, bytes]));
    }),
    kind: "ok",
  },
  { name: "answers out of order", ...always(swapTurns()), kind: "ok" },
  {
    name: "the answer of another job",
    ...always(async ({ forward, reply, line }) => {
      // The signature no longer fits, so the other answer is written here, as a cache that ignores the query has it.
      const { JobId = "" } = Object.fromEntries(new URLSearchParams(line.split(/[? ]/)[2]));
      const id = String((Number(JobId[0]) + 4) % 8).repeat(32);
      const mine = (await forward()).body.toString();
      reply({ status: 200, headers: {}, body: Buffer.from(mine.replaceAll(JobId, id)) });
    }),
    kind: "malformed",
    code: /^AnswerOfAnotherJob$/,
  },
];
