import { l10n } from "vscode";
import type { Words } from "../../panel/protocol.ts";
import type { PageWords } from "./html.ts";
import { unitWords } from "./lengths.ts";

/** Every text of the job panel's page, in the language of the editor. */
export function panelWords(): Words & PageWords {
  return {
    task: l10n.t("About this task"),
    never: l10n.t("No answer has come yet."),
    loading: l10n.t("Asking the service…"),
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
    succeeded: l10n.t("Succeeded"),
    canceled: l10n.t("Canceled"),
    skipped: l10n.t("Skipped"),
    unknown: l10n.t("Unknown status"),

    showFailed: l10n.t("Show failed"),
    nextCheck: l10n.t("next check in {0}"),
    asking: l10n.t("asking…"),
    likely: l10n.t("likely done in {0}"),
    overdue: l10n.t("{0} longer than usual"),

    activity: l10n.t("Activity"),
    kind: l10n.t("Type"),
    status: l10n.t("Status"),
    started: l10n.t("Started (UTC)"),
    ended: l10n.t("Ended (UTC)"),
    duration: l10n.t("Duration"),
    after: l10n.t("Runs after"),
    local: l10n.t("{0} here"),
    noEnd: l10n.t("end not reported"),
    notReported: l10n.t("not reported"),
    idle: l10n.t("{0} idle"),
    soFar: l10n.t("{0} so far"),
    into: l10n.t("started {0} into the run"),

    legendStated: l10n.t("stated by the workflow"),
    legendDefinition: l10n.t("by definition (start activity)"),
    legendData: l10n.t("data reference"),
    legendBar: l10n.t("Lower bar: duration relative to the longest"),

    close: l10n.t("Close"),
    search: l10n.t("Search"),
    matches: l10n.t("Matches: {0}"),
    copy: l10n.t("Copy"),
    copied: l10n.t("Copied"),
    more: l10n.t("{0} more"),
    units: unitWords(),
  };
}
