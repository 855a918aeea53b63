import { l10n } from "vscode";
import type { JobProblem, Observation, TrackedJob } from "../../jobs/types.ts";
import type { JobHeader, MenuItem, Moment, Parts } from "../../panel/protocol.ts";
import type { JobAnswer, JobRef, JobType } from "../../vod/types.ts";
import type { Sentence } from "../sentences.ts";
import { jobSections } from "./jobSections.ts";
import { jobLinks } from "./links.ts";
import { asActivityPhase } from "./phaseWords.ts";
import type { RunView } from "./runView.ts";

/** All that a panel knows of its job. Times are milliseconds since 1970. */
export interface JobFacts {
  readonly ref: JobRef;
  readonly job?: TrackedJob;
  readonly answer?: JobAnswer;
  readonly history: readonly Observation[];
  readonly previous?: JobAnswer;
  readonly asking: boolean;
  /** Why the last attempt gave no answer. */
  readonly problem?: JobProblem;
  /** When the answer came. */
  readonly answeredAt?: number;
  readonly hasTopology: boolean;
  readonly now: number;
}

/** Everything that the page shows beside the activities. */
export function panelParts(facts: JobFacts, run: RunView, sentence: (problem: JobProblem) => Sentence): Parts {
  const { ref, answer, history, problem } = facts;
  const told = problem && sentence(problem);
  return {
    header: header(facts),
    asking: facts.asking,
    trouble: told && problem ? { text: told.text, at: problem.at, steps: told.next.map((step) => step.title) } : null,
    sections: answer ? jobSections(ref, answer) : [],
    life: history.map(({ at, status, phase }): Moment => ({ at, status, phase: asActivityPhase(phase) })),
    menu: menu(facts),
    remarks: ref.type === "workflow" ? remarks(facts, run) : [],
    previousAt: facts.previous?.detail.createdAt ?? null,
  };
}

function header({ ref, job, answer, answeredAt, now }: JobFacts): JobHeader {
  const detail = answer?.detail;
  const title = panelTitle(ref, job, answer);
  const times = {
    createdAt: detail?.createdAt ?? job?.createdAt,
    finishedAt: detail?.finishedAt ?? job?.finishedAt,
    checkedAt: job?.checkedAt ?? answeredAt,
    nextCheckAt: job?.nextCheckAt,
    likelyEndAt: job?.likelyEndAt,
  };
  return {
    type: ref.type,
    id: ref.id,
    title,
    about: `${typeTitle(ref.type)} · ${ref.region}`,
    phase: asActivityPhase(detail?.phase ?? job?.phase ?? "waiting"),
    ...(detail && { status: detail.status }),
    ...known(times),
    now,
  };
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

function menu({ ref, answer, hasTopology }: JobFacts): MenuItem[] {
  const workflow = ref.type === "workflow" && answer !== undefined;
  return [
    { id: "copyId", label: l10n.t("Copy Job Id") },
    ...(answer ? [{ id: "raw", label: l10n.t("Show Raw Answer") }] : []),
    ...(answer ? [{ id: "copyMarkdown", label: l10n.t("Copy as Markdown") }] : []),
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
    ...(run.problem ? [l10n.t(run.problem)] : []),
    ...(hasTopology ? [l10n.t("A topology that you attached tells what runs after what.")] : []),
    ...(names ? [l10n.t("Not in the attached topology: {0}", names)] : []),
    ...(previous ? [l10n.t("Compared with the previous run of this workflow.")] : []),
  ];
}

/** The fields that are there. */
function known<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
