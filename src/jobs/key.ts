import { type JobRef, jobTypes } from "../vod/types.ts";

/**
 * The identity of a job as one string, e.g. `demo/cn-shanghai/workflow/46ecc024…`: what the database, the tree and
 * commands name it by. Each part is percent-encoded, so that no id can pretend to be another job.
 */
export function jobKey(ref: JobRef): string {
  return `${encodeURIComponent(ref.account)}/${encodeURIComponent(ref.region)}/${ref.type}/${encodeURIComponent(ref.id)}`;
}

/** The job a key names; undefined for text that no `jobKey` made. */
export function parseJobKey(key: string): JobRef | undefined {
  const parts = key.split("/");
  if (parts.length !== 4) return undefined;
  const type = jobTypes.find((known) => known === parts[2]);
  if (!type) return undefined;
  try {
    const [account, region, , id] = parts.map(decodeURIComponent) as [string, string, string, string];
    return account && region && id ? { account, region, type, id } : undefined;
  } catch {
    return undefined;
  }
}
