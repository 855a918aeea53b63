import { l10n } from "vscode";
import type { Words } from "../../panel/protocol.ts";
import type { PageWords } from "./html.ts";

/** Every text of the job panel's page, in the language of the editor. `one|many`: the first is for exactly one `{0}`. */
export function panelWords(): Words & PageWords {
  return {
    task: l10n.t("About this task"),
    loading: l10n.t("Asking the service…"),
    never: l10n.t("No answer yet"),
    noActivities: l10n.t("No activity has been reported yet."),
    noMatch: l10n.t("No activity matches the filter."),
    showAll: l10n.t("Show All"),
    refresh: l10n.t("Ask Again Now"),
    moreActions: l10n.t("More Actions"),

    views: l10n.t("View"),
    timeline: l10n.t("Timeline"),
    steps: l10n.t("Steps"),
    table: l10n.t("Table"),
    phases: l10n.t("Show only"),
    filter: l10n.t("Filter activities"),
    zoomOut: l10n.t("Zoom Out"),
    zoomIn: l10n.t("Zoom In"),
    fit: l10n.t("Fit"),

    failed: l10n.t("Failed"),
    running: l10n.t("Running"),
    pending: l10n.t("Not started"),
    waiting: l10n.t("Waiting"),
    succeeded: l10n.t("Succeeded"),
    canceled: l10n.t("Canceled"),
    skipped: l10n.t("Skipped"),
    unknown: l10n.t("Unknown status"),
    withFailures: l10n.t("Reported succeeded, with failures"),

    count: l10n.t("{0} activity|{0} activities"),
    banner: l10n.t("The task reports “{1}”, but {0} of {2} activities failed."),
    showFailed: l10n.t("Show failed"),
    stale: l10n.t("This is the answer of {0} ago."),
    nextTry: l10n.t("Next try in {0}."),
    nextCheck: l10n.t("next check in {0}"),
    asking: l10n.t("asking…"),
    likely: l10n.t("likely done in {0}"),
    overdue: l10n.t("{0} longer than usual"),

    activity: l10n.t("Activity"),
    kind: l10n.t("Type"),
    status: l10n.t("Status"),
    started: l10n.t("Started"),
    ended: l10n.t("Ended"),
    duration: l10n.t("Duration"),
    after: l10n.t("Runs after"),
    utc: l10n.t("{0} (UTC)"),
    local: l10n.t("{0} here"),
    noEnd: l10n.t("end not reported"),
    notReported: l10n.t("not reported"),
    soFar: l10n.t("{0} so far"),
    alone: l10n.t("alone for {0} of the run"),
    into: l10n.t("started {0} into the run"),
    slower: l10n.t("{0} slower"),
    faster: l10n.t("{0} faster"),
    newlyFailed: l10n.t("newly failed"),

    legendStated: l10n.t("stated by the workflow"),
    legendDefinition: l10n.t("by definition (start activity)"),
    legendData: l10n.t("data reference"),
    legendBar: l10n.t("Lower bar: duration relative to the longest"),

    result: l10n.t("Result"),
    search: l10n.t("Search"),
    matches: l10n.t("{0} match|{0} matches"),
    copy: l10n.t("Copy"),
    copied: l10n.t("Copied"),
    more: l10n.t("{0} more"),
    cut: l10n.t("{0} more characters are not shown"),
    undecoded: l10n.t("too deep to decode, shown as text"),

    life: l10n.t("Life of the job"),
    created: l10n.t("Created"),
    finished: l10n.t("Finished"),
    now: l10n.t("Now"),
  };
}
