import * as vscode from "vscode";
import { type ProxySettings, proxyFromEnvironment } from "../vod/proxy.ts";

/**
 * The proxy of the person's own settings, else of the environment, as the editor itself chooses. A workspace's settings do
 * not count, as they would redirect signed calls.
 */
export function proxySettings(): ProxySettings {
  const environment = proxyFromEnvironment(process.env);
  const own = (name: string) => vscode.workspace.getConfiguration("http").inspect<unknown>(name)?.globalValue;
  if (own("proxySupport") === "off") return {};
  // People write anything into their settings: what is of another type does not count.
  const [proxy, noProxy] = [own("proxy"), own("noProxy")];
  return {
    proxy: (typeof proxy === "string" && proxy) || environment.proxy,
    noProxy: (Array.isArray(noProxy) && noProxy.join(",")) || environment.noProxy,
  };
}
