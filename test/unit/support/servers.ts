import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:https";
import * as net from "node:net";
import type { TestContext } from "node:test";
import { VodError, type VodErrorKind } from "../../../src/vod/errors.ts";
import type { selfSignedCertificate } from "./certificate.ts";

/** The port that a server of {@link listening} has. */
export const port = (server: net.Server) => (server.address() as net.AddressInfo).port;

/** Lets a server listen on loopback until the test ends; then its connections end, too. */
export async function listening<S extends net.Server>(test: TestContext, server: S): Promise<S> {
  const sockets = new Set<net.Socket>();
  server.on("connection", (socket: net.Socket) => sockets.add(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  test.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return server;
}

/** An https server that answers `{}` to everything. */
export const listeningSecurely = (
  test: TestContext,
  certificate: ReturnType<typeof selfSignedCertificate>,
): Promise<Server> =>
  listening(
    test,
    createServer(certificate, (_incoming, outgoing) => outgoing.end("{}")),
  );

/** What a proxy does with a CONNECT that it accepts: passes everything on to a port of loopback, and back. */
export function tunnel(test: TestContext, socket: net.Socket, target: number): void {
  const upstream = net.connect(target, "127.0.0.1", () => {
    socket.write("HTTP/1.1 200 OK\r\n\r\n");
    upstream.pipe(socket).pipe(upstream);
  });
  for (const end of [socket, upstream]) end.on("error", () => {});
  test.after(() => upstream.destroy());
}

/** For `assert.rejects`: a {@link VodError} of that kind and, if one is given, that code. */
export const failsWith = (kind: VodErrorKind, code?: string) => (error: unknown) => {
  assert.ok(error instanceof VodError, String(error));
  assert.equal(error.kind, kind, error.message);
  if (code) assert.equal(error.code, code);
  return true;
};
