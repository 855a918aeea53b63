import { access } from "node:fs/promises";
import { credentialsFilePath } from "./credentialFiles.ts";
import type { CredentialPlace, SearchedPlace } from "./errors.ts";
import { needsTrust, type ProfileFile, readProfileFile } from "./profiles.ts";
import type { Credential } from "./types.ts";

type Env = Readonly<Record<string, string | undefined>>;

export interface SearchOptions {
  /** A profile of the command line tool, and nothing else; default: the whole chain. */
  readonly profile?: string;
  /** False: profiles that run a command or write a file are refused. */
  readonly trusted: boolean;
  readonly home: string;
  readonly env: Env;
}

/** Something at a place that should give credentials when asked; asking again renews those that run out. */
export interface Found {
  readonly place: CredentialPlace;
  readonly where: string;
  /** True when asking rewrites the profile file. */
  readonly rewrites: boolean;
  /** Rejects with the library's own errors, whose messages may hold secrets. */
  get(): Promise<Credential>;
}

/** What of `@alicloud/credentials` its providers have in common. */
interface Provider {
  getCredentials(): Promise<{ accessKeyId: string; accessKeySecret: string; securityToken: string }>;
}

/**
 * Looks through the places of the default chain in its order (vod-facts §6) and gives, one by one, what is there to ask
 * and what is not. Nothing is asked yet.
 *
 * The providers are the library's; the chain is not. The library's own chain remembers the provider that failed last,
 * waits two seconds for the metadata server of a cloud machine on every laptop, and asks `https://undefined/`.
 */
export async function* credentialPlaces(options: SearchOptions): AsyncGenerator<Found | SearchedPlace> {
  if (options.profile !== undefined) {
    yield cliProfile(options);
    return;
  }
  yield environment(options.env);
  yield oidc(options.env);
  yield cliProfile(options);
  yield credentialsFile(options);
  yield metadata(options.env);
  yield uri(options.env);
}

export function isFound(candidate: Found | SearchedPlace): candidate is Found {
  return "get" in candidate;
}

const library = async () => exportsOf(await import("@alicloud/credentials"), "CLIProfileCredentialsProvider");
const files = async () => exportsOf(await import("@alicloud/credentials/dist/src/util/utils.js"), "loadIni");

/** What a CommonJS module exports: Node tells it by name, a bundle only as the default. `known` is one of the names. */
function exportsOf<Module extends object>(module: Module, known: keyof Module): Module {
  return known in module ? module : (module as unknown as { default: Module }).default;
}

/** A library's provider as something to ask; made once, when first asked, so that it keeps what it fetched. */
function found(place: CredentialPlace, where: string, open: () => Promise<Provider>, rewrites = false): Found {
  let provider: Promise<Provider> | undefined;
  return {
    place,
    where,
    rewrites,
    async get() {
      provider ??= open();
      const { accessKeyId, accessKeySecret, securityToken } = await (await provider).getCredentials();
      return { accessKeyId, accessKeySecret, securityToken: securityToken || undefined };
    },
  };
}

function environment(env: Env): Found | SearchedPlace {
  const place = "environment";
  const where = "ALIBABA_CLOUD_ACCESS_KEY_ID";
  const accessKeyId = env.ALIBABA_CLOUD_ACCESS_KEY_ID;
  const accessKeySecret = env.ALIBABA_CLOUD_ACCESS_KEY_SECRET;
  if (!accessKeyId) return { place, where, outcome: "absent" };
  if (!accessKeySecret) {
    return { place, where, outcome: "failed", reason: "ALIBABA_CLOUD_ACCESS_KEY_SECRET is not set" };
  }
  const securityToken = env.ALIBABA_CLOUD_SECURITY_TOKEN || undefined;
  return { place, where, rewrites: false, get: async () => ({ accessKeyId, accessKeySecret, securityToken }) };
}

function oidc(env: Env): Found | SearchedPlace {
  const place = "oidc";
  const where = "ALIBABA_CLOUD_OIDC_TOKEN_FILE";
  const roleArn = env.ALIBABA_CLOUD_ROLE_ARN;
  const providerArn = env.ALIBABA_CLOUD_OIDC_PROVIDER_ARN;
  const tokenFile = env.ALIBABA_CLOUD_OIDC_TOKEN_FILE;
  if (!roleArn || !providerArn || !tokenFile) return { place, where, outcome: "absent" };
  return found(place, where, async () =>
    (await library()).OIDCRoleArnCredentialsProvider.builder()
      .withRoleArn(roleArn)
      .withOIDCProviderArn(providerArn)
      .withOIDCTokenFilePath(tokenFile)
      .build(),
  );
}

async function cliProfile({ profile, trusted, home, env }: SearchOptions): Promise<Found | SearchedPlace> {
  const place = "cli-profile";
  const where = "~/.aliyun/config.json";
  if (profile === undefined && saysYes(env.ALIBABA_CLOUD_CLI_PROFILE_DISABLED)) {
    return { place, where, outcome: "skipped" };
  }
  const { state, profiles } = await readProfileFile(home);
  if (state !== "read") return unreadable(place, where, state);
  const name = profile ?? (env.ALIBABA_CLOUD_PROFILE || profiles.find(({ current }) => current)?.name);
  if (name === undefined) return { place, where, outcome: "failed", reason: "no profile is the current one" };
  const named = `${where}, profile ${name}`;
  if (!profiles.some((one) => one.name === name)) {
    return { place, where: named, outcome: "failed", reason: "there is no such profile" };
  }
  const powerful = needsTrust(profiles, name);
  if (powerful && !trusted) return { place, where: named, outcome: "untrusted" };
  const open = async () =>
    at(home, (await library()).CLIProfileCredentialsProvider.builder().withProfileName(name).build());
  return found(place, named, open, powerful);
}

function unreadable(
  place: CredentialPlace,
  where: string,
  state: Exclude<ProfileFile["state"], "read">,
): SearchedPlace {
  if (state === "absent") return { place, where, outcome: "absent" };
  return {
    place,
    where,
    outcome: "failed",
    reason: state === "malformed" ? "the file is no valid JSON" : "the file cannot be read",
  };
}

async function credentialsFile({ home, env }: SearchOptions): Promise<Found | SearchedPlace> {
  const place = "credentials-file";
  const own = env.ALIBABA_CLOUD_CREDENTIALS_FILE;
  const path = credentialsFilePath(home, env);
  const where = own || "~/.alibabacloud/credentials";
  if (!(await exists(path))) return { place, where, outcome: "absent" };
  const name = env.ALIBABA_CLOUD_PROFILE || "default";
  return found(place, `${where}, profile ${name}`, async () => {
    const [{ ProfileCredentialsProvider }, { loadIni }] = await Promise.all([library(), files()]);
    return ProfileCredentialsProvider.builder()
      .withProfileName(name)
      .build()
      .getCredentialsProvider(await loadIni(path));
  });
}

function metadata(env: Env): Found | SearchedPlace {
  const place = "ecs-metadata";
  const where = "ALIBABA_CLOUD_ECS_METADATA";
  const role = env.ALIBABA_CLOUD_ECS_METADATA;
  if (!role || saysYes(env.ALIBABA_CLOUD_ECS_METADATA_DISABLED)) return { place, where, outcome: "skipped" };
  return found(place, where, async () =>
    (await library()).ECSRAMRoleCredentialsProvider.builder().withRoleName(role).build(),
  );
}

function uri(env: Env): Found | SearchedPlace {
  const place = "credentials-uri";
  const where = "ALIBABA_CLOUD_CREDENTIALS_URI";
  const address = env.ALIBABA_CLOUD_CREDENTIALS_URI;
  if (!address) return { place, where, outcome: "skipped" };
  return found(place, where, async () =>
    (await library()).URICredentialsProvider.builder().withCredentialsURI(address).build(),
  );
}

/** The library asks the system for the home folder and keeps it in a field, the only way to say another. */
function at(home: string, provider: Provider): Provider {
  return Object.assign(provider, { homedir: home });
}

function saysYes(value: string | undefined): boolean {
  return value?.toLowerCase() === "true";
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
