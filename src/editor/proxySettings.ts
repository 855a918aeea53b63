import * as vscode from "vscode";
import { type ProxySettings, proxyFromEnvironment } from "../vod/proxy.ts";

/**
 * The proxy of the person's own settings, else of the environment, as the editor itself chooses. A workspace's settings do
 * not count, as they would redirect signed calls.
 */
export function proxySettings(): ProxySettings {
  const environment = proxyFromEnvironment(process.env);
  const own = <T>(name: string) => vscode.workspace.getConfiguration("http").inspect<T>(name)?.globalValue;
  return {
    proxy: own<string>("proxy") || environment.proxy,
    noProxy: own<string[]>("noProxy")?.join(",") || environment.noProxy,
  };
}
