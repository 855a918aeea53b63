import { endpointOf, isRegionName } from "../vod/endpoints.ts";
import type { JobRef } from "../vod/types.ts";
import type { Parts } from "./commands/parts.ts";
import { demo } from "./demoAccount.ts";
import { settings } from "./settings.ts";

/**
 * The regions that a person uses beside this one, those of the account's own tracked jobs first: of tracked jobs, of the
 * setting, of the command line tool's profiles. Regions that one endpoint serves count once. Empty where an endpoint of
 * the settings stands for all regions.
 */
export async function otherRegions(
  { accounts, tracker }: Pick<Parts, "accounts" | "tracker">,
  { account, region }: Pick<JobRef, "account" | "region">,
): Promise<string[]> {
  const isDemo = account === demo.account;
  if (!isDemo && settings.endpoint() !== "") return [];
  const jobs = [...tracker.jobs.values()].filter(({ ref }) => (ref.account === demo.account) === isDemo);
  const profiles = isDemo ? [] : (await accounts.choices()).filter(({ kind }) => kind === "profile");
  const used = [
    ...jobs.filter(({ ref }) => ref.account === account).map(({ ref }) => ref.region),
    ...(isDemo ? demo.otherRegions : [settings.region()]),
    ...profiles.map((profile) => profile.region ?? ""),
    ...jobs.map(({ ref }) => ref.region),
  ];
  const byEndpoint = new Map(used.filter(isRegionName).map((one) => [endpointOf(one), one]));
  byEndpoint.delete(endpointOf(region));
  return [...byEndpoint.values()];
}
