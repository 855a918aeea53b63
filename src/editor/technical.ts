import * as vscode from "vscode";

const t = vscode.l10n.t;

/** The parts of a technical text that its pattern picks out. */
type Part = (place: number) => string;

/**
 * The technical texts of `vod/` and of accounts that stand in sentences for people, with their words. They are English
 * where they are made, for the log.
 */
const known: readonly (readonly [pattern: RegExp, words: (part: Part) => string])[] = [
  [
    /^An HTML page came instead of JSON \(HTTP (\d+)\)/,
    (part) => t("an HTML page came instead of JSON (HTTP {0}): a proxy or a sign-in page may be in the way", part(1)),
  ],
  [
    /^XML came instead of JSON \(HTTP (\d+)\)/,
    (part) => t("XML came instead of JSON (HTTP {0}): a proxy or a sign-in page may be in the way", part(1)),
  ],
  [/^The answer is empty \(HTTP (\d+)/, (part) => t("it is empty (HTTP {0})", part(1))],
  [/^The answer is broken JSON.*\(HTTP (\d+)/, (part) => t("it is broken JSON, perhaps cut off (HTTP {0})", part(1))],
  [/^The answer is no JSON( object)?( \(HTTP \d+\))?$/, () => t("it is not the JSON that was expected")],
  [/^The answer is about another job/, () => t("it is about another job: a cache or a proxy may mix answers up")],
  [/^The answer is compressed/, () => t("it is compressed though that was not asked for")],
  [/^The answer is larger than (\S+) MB$/, (part) => t("it is larger than {0} MB", part(1))],
  [/^The job id is empty$/, () => t("the job id is empty")],
  [/^At most (\d+) transcode jobs in one call$/, (part) => t("at most {0} transcode jobs in one call", part(1))],
  [/^Not a region name$/, () => t("that is no region id")],
  [/^(\S+) has no VPC endpoint$/, (part) => t("{0} has no VPC endpoint", part(1))],
  [/^Endpoint refused: not a URL$/, () => t("the endpoint of the settings is not a URL")],
  [/^Endpoint refused: it names a user$/, () => t("the endpoint of the settings must not name a user")],
  [/^Endpoint refused: it has more than a host$/, () => t("the endpoint of the settings must be a host and no more")],
  [/^Endpoint refused: not https$/, () => t("the endpoint of the settings must begin with https://")],
  [
    /^Endpoint refused: not a host of aliyuncs\.com$/,
    () => t("the endpoint of the settings must be a host under aliyuncs.com"),
  ],
  [/^There is no account "(.*)"$/, (part) => t("there is no account “{0}”", part(1))],
  [
    /^The stored access key "(.*)" is gone/,
    (part) => t("the stored access key “{0}” is gone from the editor's secret storage; add it again", part(1)),
  ],
  [
    /^The access key or its token has a character/,
    () => t("the access key or its token has a character that none can have, perhaps copied along; give it anew"),
  ],
  [/^the demo account has not been started$/, () => t("the demo account has not been started")],
  [/^(\w+) is not set$/, (part) => t("{0} is not set", part(1))],
  [/^no profile is the current one$/, () => t("no profile is the current one")],
  [/^there is no such profile$/, () => t("there is no such profile")],
  [/^the file is no valid JSON$/, () => t("the file is no valid JSON")],
  [/^the file cannot be read$/, () => t("the file cannot be read")],
  [
    /^the (access key is incomplete|(access key id|access key secret|security token) is empty)$/,
    () => t("the access key is incomplete"),
  ],
  [/^(\S+), profile (.+)$/, (part) => t("{0}, profile {1}", part(1), part(2))],
  [/^it failed$/, () => t("it failed")],
];

/** A technical text in the language of the editor; one of the service's, a library's or the system's stays as it is. */
export function technicalWords(text: string): string {
  for (const [pattern, words] of known) {
    const found = pattern.exec(text);
    if (found) return words((place) => found[place] ?? "");
  }
  return text;
}
