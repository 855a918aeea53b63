import { homedir } from "node:os";
import { isRegionName } from "../vod/endpoints.ts";
import { listProfiles, type Profile } from "../vod/profiles.ts";
import { demo } from "./demoAccount.ts";
import { settings } from "./settings.ts";

/** An account a person can choose. */
export interface AccountChoice {
  /** `default`, `profile:<name>`, `key:<name>` or `demo`. */
  readonly id: string;
  readonly kind: "default" | "profile" | "key" | "demo";
  readonly name: string;
  /** How a profile gets its credential, e.g. AK, StsToken, RamRoleArn. */
  readonly mode?: string;
  readonly region?: string;
}

/** The region when neither the settings nor the profile names one: where the service began. */
const usualRegion = "cn-shanghai";

/** All accounts there are to choose from. Reads names only, never secrets. */
export async function accountChoices(storedKeys: readonly string[]): Promise<AccountChoice[]> {
  const profiles = await listProfiles(homedir());
  return [
    { id: "default", kind: "default", name: "default" },
    ...profiles.map(
      ({ name, mode, region }): AccountChoice => ({ id: `profile:${name}`, kind: "profile", name, mode, region }),
    ),
    ...storedKeys.map((name): AccountChoice => ({ id: `key:${name}`, kind: "key", name })),
    { id: demo.account, kind: "demo", name: demo.account, region: demo.region },
  ];
}

/** The region that new look-ups of an account use: the setting's, else the profile's. */
export async function regionOf(account: string): Promise<string> {
  if (account === demo.account) return demo.region;
  const own = settings.region();
  if (isRegionName(own)) return own;
  const named = process.env.ALIBABA_CLOUD_PROFILE;
  const isIt = ({ name, current }: Profile) =>
    account === "default" ? (named ? name === named : current) : account === `profile:${name}`;
  const profile = (await listProfiles(homedir())).find(isIt);
  return profile?.region && isRegionName(profile.region) ? profile.region : usualRegion;
}
