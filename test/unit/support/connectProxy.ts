import { once } from "node:events";
import http from "node:http";
import net from "node:net";

/** A CONNECT proxy on loopback that leads the service's names to a stand-in, and nothing else anywhere. */
export interface ConnectProxy {
  readonly port: number;
  /** What was asked for, as `host:port`, oldest first. */
  readonly asked: string[];
  /** `user:password` that the proxy wants; undefined: none. */
  user: string | undefined;
  /** Takes no connections and ends those it has, until `resume`. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  close(): void;
}

/** `target`: the port of the stand-in. */
export async function connectProxy(target: number): Promise<ConnectProxy> {
  const server = http.createServer();
  const listen = async (port: number) => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  };
  await listen(0);
  const { port } = server.address() as net.AddressInfo;
  const sockets = new Set<net.Socket>();
  server.on("connection", (socket) => sockets.add(socket.on("close", () => sockets.delete(socket))));
  const proxy: ConnectProxy = {
    port,
    asked: [],
    user: undefined,
    async pause() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
    resume: () => listen(port),
    close: () => server.close(),
  };
  server.on("connect", ({ url = "", headers }: http.IncomingMessage, socket: net.Socket) => {
    socket.on("error", () => {});
    const refuse = (status: string, more = "") => socket.end(`HTTP/1.1 ${status}\r\n${more}content-length: 0\r\n\r\n`);
    const expected = proxy.user && `Basic ${Buffer.from(proxy.user).toString("base64")}`;
    proxy.asked.push(url);
    if (expected && headers["proxy-authorization"] !== expected) {
      refuse("407 Proxy Authentication Required", 'proxy-authenticate: Basic realm="test"\r\n');
    } else if (!/^vod\.[a-z0-9-]+\.aliyuncs\.com:443$/.test(url)) {
      refuse("403 Forbidden");
    } else {
      const upstream = net.connect(target, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.on("error", () => socket.destroy());
      socket.on("close", () => upstream.destroy());
    }
  });
  return proxy;
}
