import { l10n } from "vscode";
import type { JobAnswer, JobRef } from "../../vod/types.ts";
import { parseEmbedded } from "../../workflow/embedded.ts";

export interface JobLink {
  /** The name that the page knows it by; the page never names an address. */
  readonly id: "media" | "workflows" | "explorer" | "troubleshoot";
  readonly label: string;
  readonly url: string;
}

/** Where more can be seen of a job (`vod-facts` §9). No deep link to a job is known. */
export function jobLinks(ref: JobRef, answer: JobAnswer | undefined): JobLink[] {
  const media = answer && mediaOf(answer);
  const requestId = answer?.requestId;
  return [
    ...(media ? [link("media", l10n.t("Open Media Asset in the Console"), mediaUrl(media))] : []),
    ...(ref.type === "workflow"
      ? [
          link(
            "workflows",
            l10n.t("Open Workflows in the Console"),
            "https://vod.console.aliyun.com/#/settings/workflow/list",
          ),
        ]
      : []),
    link(
      "explorer",
      l10n.t("Open GetJobDetail in OpenAPI Explorer"),
      "https://api.aliyun.com/api/vod/2017-03-21/GetJobDetail",
    ),
    ...(requestId ? [link("troubleshoot", l10n.t("Troubleshoot by Request Id"), troubleshootUrl("", requestId))] : []),
  ];
}

/** The page where Alibaba Cloud explains a request. */
function troubleshootUrl(code: string, requestId: string): string {
  const query = new URLSearchParams({ q: code, product: "vod", requestId });
  return `https://api.aliyun.com/troubleshoot?${query}`;
}

function mediaUrl(media: string): string {
  return `https://vod.console.aliyun.com/#/media/video/detail/${encodeURIComponent(media.toWellFormed())}/video`;
}

/** The id of the media asset that the job is about; of a workflow task it stands in TaskInput (`vod-facts` §1). */
function mediaOf({ detail }: JobAnswer): string | undefined {
  switch (detail.type) {
    case "ai":
      return detail.mediaId;
    case "workflow": {
      const input = detail.taskInput === undefined ? undefined : parseEmbedded(detail.taskInput);
      const media = (input as { Media?: unknown } | null | undefined)?.Media;
      return typeof media === "string" && media !== "" ? media : undefined;
    }
    default:
      return detail.videoId;
  }
}

function link(id: JobLink["id"], label: string, url: string): JobLink {
  return { id, label, url };
}
