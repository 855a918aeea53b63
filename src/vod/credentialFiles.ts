import { stat } from "node:fs/promises";
import { join } from "node:path";

type Env = Readonly<Record<string, string | undefined>>;

/** The command line tool's configuration file under a home folder. */
export function profileFilePath(home: string): string {
  return join(home, ".aliyun", "config.json");
}

/** The file of credentials that the SDKs share. */
export function credentialsFilePath(home: string, env: Env): string {
  return env.ALIBABA_CLOUD_CREDENTIALS_FILE || join(home, ".alibabacloud", "credentials");
}

/** Every file that can hold credentials, there or not. */
export function credentialFiles(home: string, env: Env): string[] {
  return [profileFilePath(home), credentialsFilePath(home, env)];
}

/** A text that is the same as long as no file was written, made or deleted. */
export async function stampOfFiles(files: readonly string[]): Promise<string> {
  const stamps = files.map((path) =>
    stat(path).then(
      ({ mtimeMs, size, ino }) => `${mtimeMs}:${size}:${ino}`,
      () => "absent",
    ),
  );
  return (await Promise.all(stamps)).join(" ");
}
