import { VodError } from "./errors.ts";

/** A region of the service. */
export interface Region {
  readonly id: string;
  /** True where the service documents a VPC endpoint too. */
  readonly vpc: boolean;
}

/** The regions with a documented VOD endpoint, in the order they are offered. Source: vod-facts §2. */
export const regions: readonly Region[] = [
  { id: "cn-shanghai", vpc: true },
  { id: "cn-beijing", vpc: true },
  { id: "cn-shenzhen", vpc: true },
  { id: "cn-hongkong", vpc: true },
  { id: "ap-northeast-1", vpc: true },
  { id: "ap-southeast-1", vpc: true },
  { id: "ap-southeast-5", vpc: true },
  { id: "eu-central-1", vpc: true },
  { id: "us-west-1", vpc: true },
  { id: "me-central-1", vpc: false },
  { id: "cn-north-2-gov-1", vpc: false },
];

const regionName = /^[a-z]{2,3}(-[a-z0-9]{1,20}){1,4}$/;
const longestRegionName = 40;

/** True for a name that can be a region, known or new. Strict, because the name becomes a part of the host that gets signed requests. */
export function isRegionName(text: string): boolean {
  return text.length <= longestRegionName && regionName.test(text);
}

/** The region whose endpoint serves this one: cn-hangzhou is served from cn-shanghai, as in the official SDKs. */
function servingRegion(region: string): string {
  return region === "cn-hangzhou" ? "cn-shanghai" : region;
}

/**
 * The endpoint of a region as an origin, `https://vod.cn-shanghai.aliyuncs.com`, by the rule that the table follows too.
 * @param network `vpc` inside Alibaba Cloud's own network.
 * @throws VodError `invalid` for a name that is no region name, and for a VPC endpoint where none is documented.
 */
export function endpointOf(region: string, network: "public" | "vpc" = "public"): string {
  if (!isRegionName(region)) throw new VodError("invalid", "Not a region name", { code: "InvalidRegionId" });
  const serving = servingRegion(region);
  if (network === "public") return `https://vod.${serving}.aliyuncs.com`;
  if (regions.some(({ id, vpc }) => id === serving && !vpc)) {
    throw new VodError("invalid", `${serving} has no VPC endpoint`, { code: "InvalidRegionId" });
  }
  return `https://vod-vpc.${serving}.aliyuncs.com`;
}

const ownHost = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+aliyuncs\.com$/;
const loopbackHost = /^(127\.0\.0\.1|localhost|\[::1\])$/;

/**
 * Checks an endpoint that replaces the region's own, and gives its origin.
 * Signed requests go only to https hosts under aliyuncs.com; `loopback` allows plain http to this machine for the demo.
 * @throws VodError `invalid`, whose code tells why: `InvalidEndpoint`.
 */
export function checkedEndpoint(text: string, { loopback = false }: { loopback?: boolean } = {}): string {
  const refuse = (why: string) => new VodError("invalid", `Endpoint refused: ${why}`, { code: "InvalidEndpoint" });
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw refuse("not a URL");
  }
  if (url.username || url.password) throw refuse("it names a user");
  if (url.pathname !== "/" || url.search || url.hash) throw refuse("it has more than a host");
  if (loopback && url.protocol === "http:" && loopbackHost.test(url.hostname)) return url.origin;
  if (url.protocol !== "https:") throw refuse("not https");
  if (!ownHost.test(url.hostname) || url.port !== "") throw refuse("not a host of aliyuncs.com");
  return url.origin;
}
