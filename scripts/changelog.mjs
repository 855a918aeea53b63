/** Reads CHANGELOG.md (https://keepachangelog.com/en/1.1.0/) as far as a release needs it. */

/** @typedef {{ version: string, date?: string, notes: string }} Entry */

/**
 * @param {string} text the whole file
 * @returns {Entry[]} in the file's order, newest first; the first is usually `Unreleased`, without a date
 */
export function readChangelog(text) {
  const parts = text.split(/^## \[([^\]]+)\](?: - (\S+))?[ \t]*$/m);
  const entries = [];
  for (let at = 1; at < parts.length; at += 3) {
    const [version = "", date, notes = ""] = parts.slice(at, at + 3);
    entries.push({ version, ...(date && { date }), notes: notes.replace(/^\[[^\]]+\]:.*$/gm, "").trim() });
  }
  return entries;
}

/**
 * Gives what is under Unreleased to a version; nothing changes where that has an entry already, or nothing is there.
 * @param {string} text the whole file
 * @param {string} version
 * @param {string} date "2026-01-31"
 * @returns {string} the whole file, with an empty Unreleased above
 */
export function dateUnreleased(text, version, date) {
  const entries = readChangelog(text);
  const isThere = entries.some((entry) => entry.version === version);
  const hasNews = entries.some((entry) => entry.version === "Unreleased" && entry.notes);
  return isThere || !hasNews
    ? text
    : text.replace(/^## \[Unreleased\][ \t]*$/m, `## [Unreleased]\n\n## [${version}] - ${date}`);
}

/**
 * Compares two versions of three numbers each.
 * @param {string} a
 * @param {string} b
 * @returns {number} above zero where `a` is newer
 */
export function compareVersions(a, b) {
  const [left, right] = [a, b].map((version) => version.split(".").map(Number));
  for (const at of [0, 1, 2]) {
    const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * What is wrong with the changelog for releasing this version; nothing is wrong if the list is empty.
 * @param {string} text the changelog
 * @param {string} version to be released
 * @param {readonly string[]} released versions, in any order
 * @returns {string[]} sentences that say what to do
 */
export function releaseProblems(text, version, released) {
  const problems = [];
  if (!/^\d+\.\d+\.\d+$/.test(version)) {
    return [`"${version}" is no version that the marketplaces take: write three numbers, as 1.2.0, into package.json.`];
  }
  const newest = [...released].sort(compareVersions).at(-1);
  if (newest && compareVersions(version, newest) <= 0) {
    problems.push(`${version} is not newer than ${newest}, which was released: raise "version" in package.json.`);
  }
  const entries = readChangelog(text);
  const entry = entries.find((each) => each.version === version);
  if (!entry) problems.push(`CHANGELOG.md says nothing about ${version}: tell people under Unreleased what is new.`);
  else {
    if (!entry.notes) problems.push(`CHANGELOG.md says nothing about ${version}: tell people what is new.`);
    if (!/^\d{4}-\d\d-\d\d$/.test(entry.date ?? "")) {
      problems.push(`CHANGELOG.md has no date for ${version}: write "## [${version}] - 2026-01-31".`);
    }
  }
  if (entries.find((each) => each.version === "Unreleased")?.notes) {
    problems.push(`CHANGELOG.md still has something under Unreleased: move it to ${version}, or take it out.`);
  }
  return problems;
}
