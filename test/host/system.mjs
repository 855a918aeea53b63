/** What this machine has, and Debian's packages where this user may install them. */
import { spawnSync } from "node:child_process";

/**
 * Whether a command can be run.
 * @param {string} command
 */
export function has(command) {
  return spawnSync(command, ["--version"], { stdio: "ignore" }).status === 0;
}

/** Whether this user may install system packages: root on Debian and its kin. */
export function mayInstallPackages() {
  return process.platform === "linux" && process.getuid?.() === 0 && has("apt-get");
}

/**
 * Installs Debian packages.
 * @param {string[]} packages
 * @throws where apt-get fails; what it said has been printed
 */
export function installPackages(packages) {
  for (const args of [["update"], ["install", "--yes", "--no-install-recommends", ...packages]]) {
    const result = spawnSync("apt-get", ["-qq", ...args], {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
    if (result.status !== 0) throw new Error(`apt-get ${args.join(" ")} failed (${result.error ?? result.status})`);
  }
}
