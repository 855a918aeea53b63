import { l10n } from "vscode";
import type { Field, Section } from "../../panel/protocol.ts";
import type { JobAnswer, JobDetail, JobRef, SnapshotDetail, WorkflowDetail } from "../../vod/types.ts";
import { type ConfigFact, readConfig } from "../../workflow/config.ts";
import { decodeJson } from "../../workflow/embedded.ts";
import { treeNode } from "./treeNode.ts";

/**
 * All fields of an answer in plain words, under headings. Embedded JSON is decoded; units stand with the numbers.
 * `unread`: the activities could not be read, so what the service sent of them is shown as it came.
 */
export function jobSections(ref: JobRef, { detail, requestId }: JobAnswer, unread = false): Section[] {
  return [
    {
      title: l10n.t("Job"),
      fields: [...common(ref, detail), ...ofType(detail), ...code(l10n.t("Request"), requestId)],
    },
    ...configs(detail),
    ...(detail.type === "workflow" ? workflowSections(detail) : []),
    ...(detail.type === "workflow" && unread
      ? [{ title: l10n.t("Activity results"), fields: tree(detail.activityResults) }]
      : []),
  ].filter(({ fields }) => fields.length > 0);
}

function common(ref: JobRef, { id, status, createdAt, finishedAt, ...detail }: JobDetail): Field[] {
  return [
    ...code(detail.type === "workflow" ? l10n.t("Task id") : l10n.t("Job id"), ref.id),
    ...(id !== "" && id !== ref.id ? code(l10n.t("Id in the answer"), id) : []),
    ...text(l10n.t("Reported status"), status),
    ...time(l10n.t("Created"), createdAt),
    ...time(l10n.t("Finished"), finishedAt),
    ...text(l10n.t("Region"), ref.region),
    ...("userId" in detail ? code(l10n.t("User id"), detail.userId) : []),
  ];
}

function ofType(detail: JobDetail): Field[] {
  switch (detail.type) {
    case "transcode":
      return [
        ...code(l10n.t("Media asset"), detail.videoId),
        ...code(l10n.t("Template"), detail.templateId),
        ...text(l10n.t("Definition"), detail.definition, definitions()[detail.definition ?? ""]),
      ];
    case "snapshot":
      return [...code(l10n.t("Media asset"), detail.videoId), ...trigger(detail.trigger)];
    case "ai":
      return [
        ...code(l10n.t("Media asset"), detail.mediaId),
        ...text(l10n.t("Kind"), detail.aiType),
        ...trigger(detail.trigger),
      ];
    case "workflow":
      return [];
  }
}

/** What the definitions of the VOD reference stand for ("Parameters for media assets"): `HD` is more than it sounds. */
function definitions(): Readonly<Record<string, string>> {
  return {
    FD: l10n.t("low definition"),
    LD: l10n.t("standard definition"),
    SD: l10n.t("high definition"),
    HD: l10n.t("ultra high definition"),
    OD: l10n.t("original quality"),
    "2K": "2K",
    "4K": "4K",
    SQ: l10n.t("standard sound quality"),
    HQ: l10n.t("high sound quality"),
    AUTO: l10n.t("adaptive bitrate"),
  };
}

/** GetJobDetail page: Auto, triggered by a workflow; Manual, submitted. */
function trigger(value: string | undefined): Field[] {
  const meaning: Readonly<Record<string, string>> = {
    Auto: l10n.t("started by a workflow"),
    Manual: l10n.t("submitted by hand"),
  };
  return text(l10n.t("Trigger"), value, meaning[value ?? ""]);
}

function configs(detail: JobDetail): Section[] {
  if (detail.type === "ai") return [config(l10n.t("Template settings"), detail.templateConfig)];
  if (detail.type !== "snapshot") return [];
  const { normalConfig, spriteConfig }: SnapshotDetail = detail;
  return [config(l10n.t("Snapshots"), normalConfig), config(l10n.t("Sprites"), spriteConfig)];
}

function config(title: string, json: string | undefined): Section {
  const facts = readConfig(json);
  if (facts.length === 0) return { title, fields: text(l10n.t("Text"), json) };
  const sent = { ...treeNode(decodeJson(json!), l10n.t("As sent")), closed: true };
  return {
    title,
    fields: [...facts.map(setting), { label: "", tree: { key: "", kind: "object", text: "", items: [sent] } }],
  };
}

function setting({ key, label, value, unit, note }: ConfigFact): Field {
  const known = label === key ? label : (settingWords()[label] ?? label);
  const meaning = note === undefined ? "" : (settingWords()[note] ?? note);
  const isSaid = meaning.toLowerCase() === value.toLowerCase(); // "no No" says it twice
  return {
    label: known,
    text: unit ? `${value} ${unit}` : value,
    note: [isSaid ? "" : meaning, label === key ? "" : key].filter(Boolean).join(" · "),
  };
}

/** The labels and notes of `workflow/config.ts`, in the language of the editor. */
function settingWords(): Readonly<Record<string, string>> {
  return {
    Interval: l10n.t("Interval"),
    "Evenly spaced over the whole video": l10n.t("Evenly spaced over the whole video"),
    "Number of snapshots": l10n.t("Number of snapshots"),
    Start: l10n.t("Start"),
    Width: l10n.t("Width"),
    Height: l10n.t("Height"),
    "Frame type": l10n.t("Frame type"),
    "Any frame": l10n.t("Any frame"),
    "Keyframes only": l10n.t("Keyframes only"),
    "Space between pictures": l10n.t("Space between pictures"),
    Margin: l10n.t("Margin"),
    Rows: l10n.t("Rows"),
    Columns: l10n.t("Columns"),
    "Single pictures kept": l10n.t("Single pictures kept"),
    "What is reviewed": l10n.t("What is reviewed"),
    "Reviewed content of the video": l10n.t("Reviewed content of the video"),
    "Reviewed for": l10n.t("Reviewed for"),
    "Blocked automatically": l10n.t("Blocked automatically"),
    Yes: l10n.t("Yes"),
    No: l10n.t("No"),
  };
}

function workflowSections({ workflow, taskInput, userData }: WorkflowDetail): Section[] {
  const fields: Field[] = workflow
    ? [
        ...text(l10n.t("Name"), workflow.name),
        ...code(l10n.t("Workflow id"), workflow.workflowId),
        ...text(l10n.t("Status"), workflow.status),
        ...text(l10n.t("Type"), workflow.type),
        ...time(l10n.t("Created"), workflow.createdAt),
        ...time(l10n.t("Modified"), workflow.modifiedAt),
        ...code(l10n.t("Application"), workflow.appId),
      ]
    : [];
  return [
    { title: l10n.t("Workflow"), fields },
    { title: l10n.t("Task input"), fields: tree(taskInput) },
    { title: l10n.t("User data"), fields: tree(userData) },
  ];
}

function text(label: string, value: string | undefined, note?: string): Field[] {
  return value ? [{ label, text: value, ...(note && { note }) }] : [];
}

function code(label: string, value: string | undefined): Field[] {
  return value ? [{ label, text: value, code: true }] : [];
}

function time(label: string, at: number | undefined): Field[] {
  return at === undefined ? [] : [{ label, at }];
}

function tree(json: string | undefined): Field[] {
  return json ? [{ label: "", tree: treeNode(decodeJson(json)) }] : [];
}
