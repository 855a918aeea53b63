import { once } from "node:events";
import http, { type IncomingHttpHeaders } from "node:http";
import https from "node:https";
import net from "node:net";
import tls from "node:tls";

/** An answer on its way back, whole. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A request that has come, and what a fault can do with it. */
export interface Passing {
  /** The client's connection: a fault may write anything to it, or nothing, or break it. */
  readonly socket: net.Socket;
  /** Method and target as they were sent. */
  readonly line: string;
  /** Asks the endpoint, in the client's own words or about another target. */
  forward(line?: string): Promise<Reply>;
  /** Answers as a server does. */
  reply(reply: Reply): void;
}

/** What happens to a request instead of being passed on. */
export type Fault = (passing: Passing) => unknown;

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

const headEnd = "\r\n\r\n";

/**
 * A proxy between a client and an endpoint on loopback, on the bytes of HTTP/1.1: it passes requests and answers on as
 * they are until it is given a fault. With a certificate it is https on the client's side; on the other it is whatever
 * the endpoint is, and trusts it.
 */
export class FaultProxy {
  /** What happens to requests now; undefined: they are passed on. */
  fault: Fault | undefined;
  /** The endpoint's clock, which its answers tell: their own header has the machine's. */
  readonly #date: () => number;
  readonly #server: net.Server;
  readonly #target: URL;
  readonly #sockets = new Set<net.Socket>();

  private constructor(target: string, date: () => number, certificate: Certificate | undefined) {
    this.#target = new URL(target);
    this.#date = date;
    const take = (socket: net.Socket) => this.#take(socket);
    this.#server = certificate ? tls.createServer(certificate, take) : net.createServer(take);
    this.#server.on("connection", (socket: net.Socket) => this.#keep(socket));
    this.#server.on("tlsClientError", () => {});
  }

  static async open(target: string, date: () => number, certificate?: Certificate): Promise<FaultProxy> {
    const proxy = new FaultProxy(target, date, certificate);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port;
  }

  /** Shows another certificate from now on; connections that trusted the other one end. */
  certify(certificate: Certificate): void {
    (this.#server as tls.Server).setSecureContext(certificate);
    this.hangUp();
  }

  /** Ends every connection. */
  hangUp(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.#server.close();
    this.hangUp();
    await once(this.#server, "close");
  }

  #keep(socket: net.Socket): void {
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("error", () => {});
  }

  #take(socket: net.Socket): void {
    socket.on("error", () => {});
    let waiting = "";
    // Calls have no body: a request ends with its head.
    socket.on("data", (bytes: Buffer) => {
      waiting += bytes.toString("latin1");
      for (let end = waiting.indexOf(headEnd); end >= 0; end = waiting.indexOf(headEnd)) {
        const head = waiting.slice(0, end);
        waiting = waiting.slice(end + headEnd.length);
        this.#pass(socket, head);
      }
    });
  }

  #pass(socket: net.Socket, head: string): void {
    const [line = "", ...headers] = head.split("\r\n");
    const passing: Passing = {
      socket,
      line,
      forward: (asked = line) => this.#forward(asked, headers),
      reply: (reply) => void socket.write(bytesOf(reply)),
    };
    const handle = this.fault ?? (async ({ forward, reply }: Passing) => reply(await forward()));
    Promise.resolve(handle(passing)).catch(() => socket.destroy());
  }

  #forward(line: string, headers: readonly string[]): Promise<Reply> {
    const [method, path] = line.split(" ");
    const { hostname, port, protocol } = this.#target;
    const forwardRequest = protocol === "https:" ? https.request : http.request;
    const raw = headers.flatMap((header) => {
      const colon = header.indexOf(":");
      return [header.slice(0, colon), header.slice(colon + 1).trim()];
    });
    return new Promise((resolve, reject) => {
      const options = {
        hostname,
        port,
        method,
        path,
        headers: raw as never,
        setHost: false,
        agent: false,
        rejectUnauthorized: false,
      };
      const request = forwardRequest(options, async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk);
        const date = new Date(this.#date()).toUTCString();
        const { connection: _, ...rest } = response.headers;
        resolve({ status: response.statusCode!, headers: { ...rest, date }, body: Buffer.concat(chunks) });
      });
      request.on("error", reject);
      request.end();
    });
  }
}

/** An answer as it goes over the wire. */
export function bytesOf({ status, headers, body }: Reply): Buffer {
  return Buffer.concat([Buffer.from(headOf(status, { ...headers, "content-length": String(body.length) })), body]);
}

/** The head of an answer, with the blank line that ends it. */
export function headOf(status: number, headers: IncomingHttpHeaders): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} X`, ...lines, "", ""].join("\r\n");
}
