import type { JobDetail, WorkflowDetail } from "../vod/types.ts";
import { readActivities } from "../workflow/activities.ts";
import { parseLoosely } from "../workflow/embedded.ts";
import type { JobSummary } from "./hub.ts";

/** The longest title that is kept, in characters. */
const longestTitle = 200;

/** What a detail says in short: the fields every list of jobs shows. */
export function summarize(detail: JobDetail): JobSummary {
  const { phase, status, createdAt, finishedAt } = detail;
  const common = { phase, status, createdAt, finishedAt };
  switch (detail.type) {
    case "transcode":
      return { ...common, title: oneLine(detail.definition), kind: detail.templateId, mediaId: detail.videoId };
    case "snapshot":
      return { ...common, mediaId: detail.videoId };
    case "ai":
      return { ...common, title: oneLine(detail.aiType), kind: detail.aiType, mediaId: detail.mediaId };
    case "workflow":
      return { ...common, ...summarizeWorkflow(detail) };
  }
}

function summarizeWorkflow({ workflow, taskInput, activityResults }: WorkflowDetail) {
  const media = readMedia(taskInput);
  const { activities } = readActivities(activityResults);
  const known = activityResults !== undefined;
  return {
    // The media tells the runs of one workflow apart; a list has no room for both names.
    title: oneLine(media.title ?? workflow?.name),
    kind: workflow?.workflowId,
    mediaId: media.id,
    activities: known ? activities.length : undefined,
    failedActivities: known ? activities.filter(({ phase }) => phase === "failed").length : undefined,
  };
}

/** The media of a workflow task stands in its `TaskInput` only (vod-facts §1). */
function readMedia(taskInput: string | undefined): { id?: string; title?: string } {
  const input: unknown = taskInput === undefined ? undefined : parseLoosely(taskInput);
  if (typeof input !== "object" || input === null) return {};
  const { Media, Title } = input as { Media?: unknown; Title?: unknown };
  return { id: textOf(Media), title: textOf(Title) };
}

const textOf = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

/** Text as one line without control characters, which would break lists; undefined when nothing is left. */
function oneLine(text: string | undefined): string | undefined {
  return (
    text
      ?.replace(/[\s\p{Cc}]+/gu, " ")
      .trim()
      .slice(0, longestTitle) || undefined
  );
}
