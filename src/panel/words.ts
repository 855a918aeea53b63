/**
 * Every text of the page, in English. The host puts a table of the same keys into the page for another language.
 * `{0}` stands for what is filled in; of `one|many` the first is used for exactly one `{0}`.
 */
export const words = {
  loading: "Asking the service…",
  never: "No answer yet.",
  noActivities: "No activity has been reported yet.",
  noMatch: "No activity matches the filter.",
  showAll: "Show all",

  timeline: "Timeline",
  steps: "Steps",
  table: "Table",
  views: "View",
  filter: "Filter activities",
  phases: "Show only",
  zoomOut: "Zoom out",
  zoomIn: "Zoom in",
  fit: "Fit",
  refresh: "Ask again now",
  more: "More actions",
  close: "Close",

  failed: "Failed",
  running: "Running",
  pending: "Not started",
  waiting: "Waiting",
  succeeded: "Succeeded",
  canceled: "Canceled",
  skipped: "Skipped",
  unknown: "Unknown status",
  withFailures: "Reported succeeded, with failures",
  count: "{0} activity|{0} activities",
  banner: "The task reports “{1}”, but {0} of {2} activities failed.",
  showFailed: "Show failed",
  stale: "Last answer {0} ago.",
  nextTry: "Next try in {0}.",
  nextCheck: "next check in {0}",
  checked: "checked {0} ago",
  likely: "likely done in {0}",
  overdue: "longer than usual by {0}",
  asking: "asking…",

  activity: "Activity",
  kind: "Type",
  status: "Status",
  started: "Started",
  ended: "Ended",
  duration: "Duration",
  after: "Runs after",
  utc: "{0} (UTC)",
  local: "{0} here",
  share: "{0} of the run",
  instance: "Instance",
  noEnd: "end not reported",
  notReported: "not reported",
  soFar: "{0} so far",
  alone: "alone for {0} of the run",
  into: "started {0} into the run",
  notes: "Notes",
  folded: "{0} without activity, folded",

  stated: "stated",
  definition: "by definition",
  data: "data reference",
  time: "time only",
  afterName: "after",
  before: "Runs before",
  token: "both name {0}",
  contradicted: "the times say otherwise",
  earlier:
    "{0} other activity had ended before this one started|{0} other activities had ended before this one started",
  nothingBefore: "Nothing had ended before it started.",
  legendStated: "stated by the workflow",
  legendDefinition: "by definition (start activity)",
  legendData: "data reference",
  legendBar: "Lower bar: duration relative to the longest",
  legendFold: "idle time folded",

  result: "Result",
  noResult: "No result.",
  search: "Search",
  matches: "{0} match|{0} matches",
  copy: "Copy",
  copied: "Copied",
  expand: "Expand all",
  moreItems: "{0} more",
  cut: "{0} characters more, not shown",
  undecoded: "too deep to decode, shown as text",

  previous: "Previous run",
  slower: "{0} slower",
  faster: "{0} faster",
  same: "as long",
  newlyFailed: "newly failed",
  nowFine: "failed then",
  notThen: "not part of it",

  life: "Life of the job",
  created: "Created",
  finished: "Finished",
  now: "Now",
  task: "About this task",
  rowLabel: "{0}, {1}, {2}",
};

export type Word = keyof typeof words;

/** Replaces texts by those of another language; anything that is not a known text is left aside. */
export function useWords(table: unknown): void {
  for (const [key, text] of Object.entries(table ?? {})) {
    if (Object.hasOwn(words, key) && typeof text === "string") words[key as Word] = text;
  }
}

/** The text of `key` with the places filled in. */
export function say(key: Word, ...values: readonly (string | number)[]): string {
  const [one, many] = words[key].split("|");
  return (many && values[0] !== 1 ? many : one!).replace(/\{(\d)\}/g, (_, place) => String(values[place] ?? ""));
}
