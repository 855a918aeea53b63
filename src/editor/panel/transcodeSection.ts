import { env, l10n } from "vscode";
import type { Field, Section } from "../../panel/protocol.ts";
import type { TranscodeOutput } from "../../vod/transcodeTask.ts";
import { plain } from "../plain.ts";
import type { Problem } from "../problem.ts";
import type { Sentence } from "../sentences.ts";
import { lengthText } from "./lengths.ts";
import type { TranscodeReadings } from "./transcodeReading.ts";

/** Progress, error and output of a transcode job; why they are not known, in a sentence. Nothing when nobody asked yet. */
export function transcodeSection(
  { told, problem }: TranscodeReadings,
  sentence: (problem: Problem) => Sentence,
): Section[] {
  const { progress, errorCode, errorMessage, priority, output } = told ?? {};
  const percent = progress === undefined ? undefined : Math.min(100, Math.max(0, progress));
  const fields: Field[] = [
    ...(percent === undefined ? [] : [{ label: l10n.t("Progress"), share: percent / 100, text: `${percent}%` }]),
    ...text(l10n.t("Error code"), errorCode, true),
    ...text(l10n.t("Error"), errorMessage),
    ...(output ? outputFields(output) : []),
    ...text(l10n.t("Priority"), priority),
    ...(problem ? [{ label: "", warning: whyUnknown(problem, sentence) }] : []),
  ];
  return fields.length > 0 ? [{ title: l10n.t("Transcoding"), fields }] : [];
}

/** The permission is another than the one that jobs are asked with, and nothing else needs it. */
function whyUnknown(problem: Problem, sentence: (problem: Problem) => Sentence): string {
  if (problem.kind !== "permission") return l10n.t("Progress and errors are not known. {0}", sentence(problem).text);
  return l10n.t(
    "Progress and errors are not known: the account may not ask for them ({0}). Grant vod:GetTranscodeTask, then refresh.",
    plain(problem.code ?? "", 80),
  );
}

function outputFields({
  url,
  format,
  duration,
  bitrate,
  fps,
  width,
  height,
  size,
  encryption,
}: TranscodeOutput): Field[] {
  const number = (value: number | undefined, unit: string) =>
    value === undefined
      ? undefined
      : new Intl.NumberFormat(env.language, { style: "unit", unit, maximumFractionDigits: 1 }).format(value);
  const picture = [
    width !== undefined && height !== undefined && `${width} × ${height}`,
    fps !== undefined && l10n.t("{0} pictures per second", fps),
  ];
  return [
    ...text(l10n.t("Output file"), url, true),
    ...text(l10n.t("Format"), format),
    ...text(l10n.t("Picture"), picture.filter(Boolean).join(" · ")),
    ...text(l10n.t("Length"), duration === undefined ? undefined : lengthText(duration * 1000)),
    ...text(l10n.t("Size"), number(size === undefined ? undefined : size / 1e6, "megabyte")),
    ...text(l10n.t("Bitrate"), number(bitrate, "kilobit-per-second")),
    ...text(l10n.t("Encryption"), encryption),
  ];
}

function text(label: string, value: string | undefined, code = false): Field[] {
  return value ? [{ label, text: value, ...(code && { code }) }] : [];
}
