import { VodError } from "./errors.ts";

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

/** What connections can go through: a proxy of another kind is the matter of the editor's own network. */
const protocols = ["http:", "https:", "socks:", "socks5:"];

/**
 * The proxy's address as connections take it. People paste passwords as they are: a `%` that begins no escape stands for
 * itself. Throws a `VodError` with the code `PROXY_ADDRESS` when it is no address, as with a `#` or `/` that is not escaped.
 */
export function proxyAddress(proxy: string): URL {
  const url = URL.parse(proxy);
  if (!url || !protocols.includes(url.protocol) || /[/?#].*@/.test(proxy.slice(url.protocol.length + 2))) {
    const text =
      "The address of the proxy cannot be read; special characters of its user and password must be percent-encoded, as %23 for #";
    throw new VodError("network", text, { code: "PROXY_ADDRESS", unsent: true });
  }
  url.username = decodable(url.username);
  url.password = decodable(url.password);
  return url;
}

/** A part of an address that `decodeURIComponent` takes. */
function decodable(part: string): string {
  const escaped = part.replace(/%(?![0-9a-f]{2})/gi, "%25");
  try {
    decodeURIComponent(escaped);
    return escaped;
  } catch {
    return part.replaceAll("%", "%25"); // no escape: bytes of no text
  }
}
