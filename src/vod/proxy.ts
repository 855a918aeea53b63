/** Which proxy a person's machine asks for. */
export interface ProxySettings {
  /** `http://host:port`, `https://…` or `socks5://…`, with a user and password where the proxy wants them. */
  readonly proxy?: string;
  /** Hosts that are reached directly, as `NO_PROXY` lists them: `example.com,.internal,10.0.0.1:8080` or `*`. */
  readonly noProxy?: string;
}

/** The proxy for https that the environment names, in either case of the variables. */
export function proxyFromEnvironment(env: Readonly<Record<string, string | undefined>>): ProxySettings {
  const read = (...names: string[]) => names.map((name) => env[name]).find((value) => value);
  const proxy = read("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY");
  return {
    // As for curl, `host:port` alone is an http proxy.
    proxy: proxy && !/^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? `http://${proxy}` : proxy,
    noProxy: read("no_proxy", "NO_PROXY"),
  };
}

/** The proxy that a request to this URL goes through; undefined: none. Only https goes through one: plain http is loopback. */
export function proxyFor(url: string, { proxy, noProxy }: ProxySettings): string | undefined {
  if (!proxy || !url.startsWith("https:")) return undefined;
  const { hostname, port } = new URL(url);
  const direct = (noProxy ?? "")
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => matches(entry.toLowerCase(), hostname, port || "443"));
  return direct ? undefined : proxy;
}

function matches(entry: string, hostname: string, port: string): boolean {
  if (entry === "*") return true;
  const [, host = entry, entryPort] = /^(.+?)(?::(\d+))?$/.exec(entry) ?? [];
  if (entryPort && entryPort !== port) return false;
  const name = host.replace(/^\*?\./, "");
  return hostname === name || hostname.endsWith(`.${name}`);
}
