import * as vscode from "vscode";

export type Pace = "off" | "relaxed" | "normal" | "eager";
export type Announce = "off" | "failures" | "all";

const section = "vodJobs";

/**
 * A setting as `package.json` declares it: the default lives there and nowhere else.
 * Only the person's own value counts, never a workspace's: what a workspace says must not redirect or trigger a
 * signed call (`vscode-facts`, "Trust, secrets, links").
 */
function personal<T>(name: string): T {
  const found = vscode.workspace.getConfiguration(section).inspect<T>(name);
  const value = found?.globalValue;
  const fallback = found?.defaultValue as T;
  return typeof value === typeof fallback ? (value as T) : fallback;
}

function oneOf<T extends string>(name: string, allowed: readonly T[]): T {
  const value = personal<string>(name) as T;
  const fallback = vscode.workspace.getConfiguration(section).inspect<T>(name)?.defaultValue as T;
  return allowed.includes(value) ? value : fallback;
}

/** Typed access to the settings. Values of the wrong type or outside the allowed range give the default. */
export const settings = {
  account: () => personal<string>("account").trim(),
  region: () => personal<string>("region").trim(),
  endpoint: () => personal<string>("endpoint").trim(),
  polling: () => oneOf<Pace>("polling", ["off", "relaxed", "normal", "eager"]),
  /** Calls per second for background checks, within what the schema allows. */
  requestsPerSecond: () => Math.min(12, Math.max(0.1, personal<number>("requestsPerSecond"))),
  notifications: () => oneOf<Announce>("notifications", ["off", "failures", "all"]),
  statusBar: () => personal<boolean>("statusBar"),
  /** A workspace may switch the hover too: it spends no call. */
  hover: () => {
    const configuration = vscode.workspace.getConfiguration(section);
    const value = configuration.get<unknown>("hover.enabled");
    return typeof value === "boolean" ? value : configuration.inspect<boolean>("hover.enabled")?.defaultValue === true;
  },
  startDemo: () => personal<boolean>("demo.startAutomatically"),

  /** Writes the person's own value. */
  set: (name: string, value: unknown) =>
    vscode.workspace.getConfiguration(section).update(name, value, vscode.ConfigurationTarget.Global),
  /** Calls back when any of the product's settings changed. */
  onDidChange: (listener: (affects: (name: string) => boolean) => void) =>
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(section)) listener((name) => event.affectsConfiguration(`${section}.${name}`));
    }),
};
