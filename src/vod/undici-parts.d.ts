/**
 * The parts of undici that are used. Its entry point is never loaded: that would fill a process-wide slot which
 * other extensions of the same host depend on (vscode-facts, HTTP).
 */
declare module "undici/lib/dispatcher/agent.js" {
  export { Agent as default } from "undici";
}
declare module "undici/lib/dispatcher/proxy-agent.js" {
  export { ProxyAgent as default } from "undici";
}
declare module "undici/lib/dispatcher/pool.js" {
  export { Pool as default } from "undici";
}
declare module "undici/lib/api/api-connect.js" {
  export { connect as default } from "undici";
}
