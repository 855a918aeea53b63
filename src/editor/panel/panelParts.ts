import { l10n } from "vscode";
import type { Observation, TrackedJob } from "../../jobs/types.ts";
import type { JobHeader, Moment, Parts, ToPanel } from "../../panel/protocol.ts";
import type { JobAnswer, JobDetail, JobRef, JobType, Phase } from "../../vod/types.ts";
import { formatUtc } from "../../workflow/format.ts";
import { isFinal } from "../../workflow/status.ts";
import type { ActivityPhase } from "../../workflow/types.ts";
import type { Problem } from "../problem.ts";
import type { Sentence } from "../sentences.ts";
import { jobSections } from "./jobSections.ts";
import { lengthText } from "./lengths.ts";
import { jobLinks } from "./links.ts";
import { activityPhaseWord, asActivityPhase } from "./phaseWords.ts";
import type { RunView } from "./runView.ts";
import { unreadWord } from "./runWords.ts";
import type { TranscodeReadings } from "./transcodeReading.ts";
import { transcodeSection } from "./transcodeSection.ts";

export type Details = Extract<ToPanel, { type: "details" }>;

/** All that a panel knows of its job. Times are milliseconds since 1970. */
export interface JobFacts {
  readonly ref: JobRef;
  readonly job?: TrackedJob;
  readonly answer?: JobAnswer;
  readonly history: readonly Observation[];
  readonly previous?: JobAnswer;
  readonly asking: boolean;
  /** Why the last attempt gave no answer. */
  readonly problem?: Problem;
  /** When the answer came. */
  readonly answeredAt?: number;
  readonly hasTopology: boolean;
  /** Of a transcode job, what the answer does not hold. */
  readonly transcode?: TranscodeReadings;
  /** What changed last, in a sentence. */
  readonly news: string;
  readonly now: number;
}

/** Everything that the page shows beside the activities. */
export function panelParts(facts: JobFacts, run: RunView, sentence: (problem: Problem) => Sentence): Parts {
  const { problem, now } = facts;
  const told = problem && sentence(problem);
  return {
    header: header(facts, run),
    asking: facts.asking,
    trouble: told ? { text: troubleText(told.text, facts), steps: told.next.map((step) => step.title) } : null,
    axis: run.axis(now),
    banner: banner(run),
    news: facts.news,
  };
}

/** What is known of the job itself. */
export function jobDetails(facts: JobFacts, run: RunView, sentence: (problem: Problem) => Sentence): Details {
  const { ref, answer, job, history, transcode = {}, now } = facts;
  return {
    type: "details",
    name: null,
    title: ref.type === "workflow" ? l10n.t("About this task") : panelTitle(ref, job, answer),
    phase: header(facts, run).phase,
    notes: ref.type === "workflow" && answer ? remarks(facts, run) : [],
    life: answer ? lifeOf(answer.detail, history, now) : [],
    sections: answer
      ? [...transcodeSection(transcode, sentence), ...jobSections(ref, answer, run.problem !== undefined)]
      : [],
  };
}

function header({ ref, job, answer, now }: JobFacts, run: RunView): JobHeader {
  const detail = answer?.detail;
  const phase = asActivityPhase(detail?.phase ?? job?.phase ?? "waiting");
  const disagrees = run.summary?.disagrees === true;
  const inRun = run.summary?.duration !== undefined;
  const from = inRun ? run.bounds.from : (detail?.createdAt ?? job?.createdAt);
  const to = inRun ? run.bounds.to : (detail?.finishedAt ?? job?.finishedAt);
  const live = ref.type === "workflow" && inRun ? run.live : to === undefined && !isFinal(phase);
  const times = {
    from,
    to: live ? undefined : to,
    nextCheckAt: job?.nextCheckAt,
    likelyEndAt: job?.likelyEndAt,
  };
  return {
    title: panelTitle(ref, job, answer),
    phase: disagrees ? "failed" : phase,
    standing: standing(phase, detail, disagrees),
    about: about(ref, detail, run.activities.length),
    answered: answer !== undefined,
    live,
    ...known(times),
    now,
  };
}

function standing(phase: ActivityPhase, detail: JobDetail | undefined, disagrees: boolean): string {
  if (!detail) return l10n.t("No answer yet");
  if (disagrees) return l10n.t("Reported succeeded, with failures");
  return phase === "pending" ? l10n.t("Waiting") : activityPhaseWord(phase, detail.status);
}

function about(ref: JobRef, detail: JobDetail | undefined, activities: number): string {
  const count = activities === 1 ? l10n.t("1 activity") : l10n.t("{0} activities", activities);
  return [
    detail?.createdAt === undefined ? "" : `${formatUtc(detail.createdAt, true)} UTC`,
    activities > 0 ? count : typeTitle(ref.type),
    ref.region,
  ]
    .filter(Boolean)
    .join(" · ");
}

/** The task says that it succeeded, and activities failed. */
function banner({ summary }: RunView): string | null {
  if (!summary?.disagrees) return null;
  const { counts, status, total } = summary;
  return l10n.t("The task reports “{0}”, but {1} of {2} activities failed.", status, counts.failed, total);
}

/**
 * From the creation of the job over every change of status that was seen to its end, or to now. When a status began
 * nobody tells: what is known is when it was first seen.
 */
export function lifeOf(detail: JobDetail, history: readonly Observation[], now: number): Moment[] {
  const { createdAt: start, finishedAt, status } = detail;
  if (start === undefined) return [];
  const phase = asActivityPhase(detail.phase);
  const end = Math.max(start, finishedAt ?? now);
  const word = (one: { phase: Phase; status: string }) => activityPhaseWord(asActivityPhase(one.phase), one.status);
  const first = history.findLast(({ at }) => at <= start);
  const seen = history.filter(
    ({ at, phase }) => at > start && at < end && (finishedAt === undefined || phase !== detail.phase),
  );
  const last = finishedAt === undefined ? l10n.t("Now") : l10n.t("Finished");
  const points = [
    {
      at: start,
      phase: first ? asActivityPhase(first.phase) : "pending",
      text: [l10n.t("Created"), first && word(first)],
    },
    ...seen.map((one) => ({ at: one.at, phase: asActivityPhase(one.phase), text: [word(one), l10n.t("first seen")] })),
    { at: end, phase, text: [last, word({ phase: detail.phase, status })] },
  ] satisfies { at: number; phase: ActivityPhase; text: unknown[] }[];
  return points.map(({ at, phase, text }, index) => {
    const next = points[index + 1];
    return {
      at,
      phase,
      text: text.filter(Boolean).join(" · "),
      ...(next && { share: (next.at - at) / (end - start || 1), length: lengthText(next.at - at) }),
    };
  });
}

/** The name a person gave the job, else what the service calls it, else its id. */
export function panelTitle(ref: JobRef, job: TrackedJob | undefined, answer: JobAnswer | undefined): string {
  const detail = answer?.detail;
  const told = detail?.type === "workflow" ? detail.workflow?.name : detail?.type === "ai" ? detail.aiType : undefined;
  return job?.label || job?.title || told || ref.id;
}

function typeTitle(type: JobType): string {
  switch (type) {
    case "transcode":
      return l10n.t("Transcode job");
    case "snapshot":
      return l10n.t("Snapshot job");
    case "ai":
      return l10n.t("AI job");
    case "workflow":
      return l10n.t("Workflow task");
  }
}

/** What is wrong, that what is drawn is old, and when it is tried again. */
function troubleText(text: string, { answer, job, answeredAt, now }: JobFacts): string {
  const old = answer && (job?.checkedAt ?? answeredAt);
  const next = job?.nextCheckAt;
  return [
    text,
    old !== undefined && l10n.t("What you see is the answer of {0} UTC.", formatUtc(old, true)),
    next !== undefined && next > now && l10n.t("Next try at {0} UTC.", formatUtc(next)),
  ]
    .filter(Boolean)
    .join(" ");
}

/** What can be done with the panel. */
export function menuItems({
  ref,
  job,
  answer,
  hasTopology,
}: JobFacts): { readonly id: string; readonly label: string }[] {
  const workflow = ref.type === "workflow" && answer !== undefined;
  return [
    ...(job || !answer ? [] : [{ id: "track", label: l10n.t("Track This Job") }]),
    { id: "copyId", label: l10n.t("Copy Job Id") },
    ...(answer
      ? [
          { id: "raw", label: l10n.t("Open Raw Answer") },
          { id: "copyMarkdown", label: l10n.t("Copy as Markdown") },
        ]
      : []),
    ...(workflow
      ? [
          { id: "exportSvg", label: l10n.t("Export View as SVG…") },
          { id: "exportPng", label: l10n.t("Export View as PNG…") },
          { id: "attachTopology", label: l10n.t("Attach Workflow Topology…") },
          ...(hasTopology ? [{ id: "detachTopology", label: l10n.t("Detach Workflow Topology") }] : []),
        ]
      : []),
    ...jobLinks(ref, answer).map(({ id, label }) => ({ id, label })),
  ];
}

/** What a person should know of the run as a whole. */
function remarks({ hasTopology, previous }: JobFacts, run: RunView): string[] {
  const names = run.strangers.slice(0, 5).join(", ");
  return [
    ...(run.activities.length === 0
      ? [run.problem ? unreadWord(run.problem) : l10n.t("No activity has been reported yet.")]
      : []),
    ...(hasTopology ? [l10n.t("A topology that you attached tells what runs after what.")] : []),
    ...(names ? [l10n.t("Not in the attached topology: {0}", names)] : []),
    ...(previous ? [l10n.t("Compared with the previous run of this workflow.")] : []),
  ];
}

/** The fields that are there. */
function known<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
