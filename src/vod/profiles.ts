import { readFile } from "node:fs/promises";
import { profileFilePath } from "./credentialFiles.ts";
import { text } from "./fields.ts";
import { asObject, type Json, type JsonObject, parseJson } from "./json.ts";

/** A profile of the Alibaba Cloud command line tool, without its secrets. */
export interface Profile {
  readonly name: string;
  /** How it gets its credential: AK, StsToken, RamRoleArn, EcsRamRole, CloudSSO, … Empty when it does not say. */
  readonly mode: string;
  readonly region?: string;
  /** Whether the tool uses it when none is named. */
  readonly current: boolean;
  /** The profile whose credential it starts from. */
  readonly source?: string;
}

/** What is in the tool's configuration file. */
export interface ProfileFile {
  readonly state: "absent" | "unreadable" | "malformed" | "read";
  readonly profiles: readonly Profile[];
}

/** Reads the profiles of a home folder. Never rejects, and gives nothing of the file but what `Profile` names. */
export async function readProfileFile(home: string): Promise<ProfileFile> {
  let content: string;
  try {
    content = await readFile(profileFilePath(home), "utf8");
  } catch (error) {
    const absent = ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
    return { state: absent ? "absent" : "unreadable", profiles: [] };
  }
  const config = asObject(parseJson(content));
  if (!config) return { state: "malformed", profiles: [] };
  const listed: readonly Json[] = Array.isArray(config.profiles) ? config.profiles : [];
  const current = text(config.current);
  return { state: "read", profiles: listed.flatMap((entry) => profile(asObject(entry), current) ?? []) };
}

function profile(entry: JsonObject | undefined, current: string | undefined): Profile | undefined {
  const name = text(entry?.name);
  // Half of a character, which only an escape in JSON can write, is no name that could be given to anybody.
  if (!entry || !name?.isWellFormed()) return undefined;
  const { mode, region_id, source_profile } = entry;
  return {
    name,
    mode: text(mode) ?? "",
    region: text(region_id),
    current: name === current,
    source: text(source_profile),
  };
}

/** The profiles of a home folder to choose from, the current one first; none when the file is absent or damaged. */
export async function listProfiles(home: string): Promise<Profile[]> {
  const { profiles } = await readProfileFile(home);
  return [...profiles].sort((one, other) => Number(other.current) - Number(one.current));
}

const needTrust = new Set(["External", "OAuth"]);

/**
 * True when using the profile, or one it starts from, runs a command (External) or writes to the file (OAuth): not to
 * happen in a folder that is not trusted (vod-facts §6).
 */
export function needsTrust(profiles: readonly Profile[], name: string): boolean {
  const seen = new Set<string>();
  for (let next: string | undefined = name; next !== undefined && !seen.has(next); ) {
    seen.add(next);
    const found: Profile | undefined = profiles.find((one) => one.name === next);
    if (found && needTrust.has(found.mode)) return true;
    next = found?.source;
  }
  return false;
}
