import { l10n } from "vscode";
import type { ViewActivity } from "../../panel/protocol.ts";
import { formatShare, formatUtc, oneLine } from "../../workflow/format.ts";
import { typeWord } from "../words.ts";
import { rungWord } from "./activityDetails.ts";
import { lengthText } from "./lengths.ts";
import type { JobFacts } from "./panelParts.ts";
import { panelTitle } from "./panelParts.ts";
import { activityPhaseWord, asActivityPhase } from "./phaseWords.ts";
import type { RunView } from "./runView.ts";

/** More activities than this are counted, not listed; failed ones are listed first. */
const mostRows = 100;

/**
 * A summary for an issue or a chat, as Markdown: what the job is, how it ended, which activities failed, all activities
 * with their times. Texts of the service are neutralized: they stand as text, whatever they hold.
 */
export function jobMarkdown({ ref, job, answer, transcode }: JobFacts, run: RunView): string {
  const detail = answer?.detail;
  const lines = [`### ${code(panelTitle(ref, job, answer))}`, ""];
  const phase = asActivityPhase(detail?.phase ?? job?.phase ?? "waiting");
  const status = detail?.status ?? "";
  const word = activityPhaseWord(phase, status);
  const length =
    detail?.createdAt !== undefined && detail.finishedAt !== undefined && detail.finishedAt - detail.createdAt;
  lines.push(
    [
      `${status === word ? code(word) : `**${word}**`}${status && status !== word ? ` (${code(status)})` : ""}`,
      run.summary?.duration !== undefined ? lengthText(run.summary.duration) : length !== false && lengthText(length),
      detail?.createdAt !== undefined && `${formatUtc(detail.createdAt, true)} UTC`,
      `${typeWord(ref.type)} ${code(ref.id)}`,
      ref.region,
    ]
      .filter(Boolean)
      .join(" · "),
  );
  const { errorCode = job?.error?.code, errorMessage = job?.error?.message } = transcode?.told ?? {};
  const reasons = phase === "failed" ? [errorCode, errorMessage].filter((text) => text !== undefined) : [];
  if (reasons.length > 0)
    lines.push("", `${l10n.t("Error")}: ${reasons.map((text) => code(text, false, 500)).join(" ")}`);
  if (run.activities.length > 0) lines.push("", ...activityLines(run));
  return `${lines.join("\n")}\n`;
}

function activityLines({ activities, summary }: RunView): string[] {
  const failed = activities.filter((activity) => activity.phase === "failed");
  const lines: string[] = [];
  if (summary?.disagrees) {
    lines.push(
      l10n.t(
        "The task reports {0}, but {1} of {2} activities failed.",
        code(summary.status),
        failed.length,
        activities.length,
      ),
      "",
    );
  }
  const alone = summary?.alone;
  if (alone && alone.share > 0.5) {
    lines.push(l10n.t("{0} was alone at work for {1} of the run.", code(alone.name), formatShare(alone.share)), "");
  }
  const heads = [
    l10n.t("Activity"),
    l10n.t("Type"),
    l10n.t("Status"),
    l10n.t("Started (UTC)"),
    l10n.t("Duration"),
    l10n.t("Runs after"),
  ];
  lines.push(`| ${heads.join(" | ")} |`, `|${heads.map(() => " --- |").join("")}`);
  const shown =
    activities.length <= mostRows
      ? activities
      : [...failed, ...activities.filter((activity) => activity.phase !== "failed")].slice(0, mostRows);
  lines.push(...shown.map(row));
  if (shown.length < activities.length)
    lines.push("", l10n.t("{0} more activities are not listed.", activities.length - shown.length));
  return lines;
}

const marks: Readonly<Record<string, string>> = { succeeded: "✅", failed: "❌", running: "🔵", unknown: "⚠️" };

function row(activity: ViewActivity): string {
  const { name, kind, phase, word, shape, from, to, missing, after = [] } = activity;
  const binding = after.find((link) => link.binding) ?? after[0];
  const cells = [
    code(name, true),
    code(kind, true),
    `${marks[phase] ?? "⚪"} ${phase === "unknown" ? code(word, true) : word}`,
    from === undefined || missing === "start" ? "—" : formatUtc(from),
    shape === "bar" ? lengthText(to! - from!) : "—",
    binding ? `${code(binding.from, true)} (${rungWord(binding.evidence)})` : "—",
  ];
  return `| ${cells.join(" | ")} |`;
}

/**
 * A text of the service as it may stand in Markdown: a code span, in which nothing is markup, a link or a mention. Its
 * fence is longer than any within; `inTable` also escapes what ends a cell.
 */
export function code(text: string, inTable = false, limit = 120): string {
  const line = oneLine(text, limit).trim() || "—";
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const inner = /^`|`$/.test(line) ? ` ${line} ` : line;
  return `${fence}${inTable ? inner.replaceAll("|", "\\|") : inner}${fence}`;
}
