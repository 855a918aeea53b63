import { isRegionName } from "../../vod/endpoints.ts";
import { type JobRef, type JobType, jobTypes } from "../../vod/types.ts";

/** This extension's id: the host part of its links. */
const extensionId = "vod-job-tracker.vod-job-tracker";

/** What a link to a job names. The account is the reader's: links never carry one. */
export interface LinkedJob {
  readonly type: JobType;
  readonly id: string;
  readonly region: string;
}

/** What a link's id may consist of: nothing that means something in an address. */
const linkableId = /^[0-9A-Za-z_*.-]{6,256}$/;

/**
 * The link that opens a job in an editor: `vscode://vod-job-tracker.vod-job-tracker/job?type=…&id=…&region=…`.
 * Undefined for a job whose id a link cannot carry.
 */
export function jobLink(scheme: string, { type, id, region }: JobRef): string | undefined {
  if (!linkableId.test(id) || !isRegionName(region)) return undefined;
  return `${scheme}://${extensionId}/job?type=${type}&id=${id}&region=${region}`;
}

/**
 * The job that a link names; undefined for a link that is not exactly of the form that `jobLink` makes. A link can come
 * from any web page: what is not known here is refused, not passed over.
 */
export function parseJobLink({
  path,
  query,
  fragment,
}: {
  path: string;
  query: string;
  fragment: string;
}): LinkedJob | undefined {
  if (path !== "/job" || fragment !== "" || query.length > 500) return undefined;
  const given = new Map<string, string>();
  for (const pair of query.split("&")) {
    const [, name, value] = /^(type|id|region)=([0-9A-Za-z_*.-]+)$/.exec(pair) ?? [];
    if (!name || !value || given.has(name)) return undefined;
    given.set(name, value);
  }
  const type = jobTypes.find((known) => known === given.get("type"));
  const id = given.get("id") ?? "";
  const region = given.get("region") ?? "";
  return type && linkableId.test(id) && isRegionName(region) ? { type, id, region } : undefined;
}
