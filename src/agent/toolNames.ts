/** The tools by name, apart from what they say and do: an editor registers names when it starts. */
export const toolNames = ["get_vod_job", "list_vod_jobs", "explain_vod_workflow_failure"] as const;
export type ToolName = (typeof toolNames)[number];

export function isToolName(name: string): name is ToolName {
  return toolNames.some((known) => known === name);
}
