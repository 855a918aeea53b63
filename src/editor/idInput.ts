import * as vscode from "vscode";
import { cleanId, findJobIds, idProblem, onlyId } from "../jobs/ids/find.ts";
import { type JobType, jobTypes } from "../vod/types.ts";
import { typeIcon, typeWord } from "./words.ts";

const t = vscode.l10n.t;

/** What a look-up begins with: an id that the surroundings offer, and the type they name. */
export interface Offer {
  readonly id?: string;
  readonly type?: JobType;
}

/** The id in the selection, else under the cursor, else in the clipboard, if it looks like one. */
export async function offeredId(): Promise<Offer> {
  const editor = vscode.window.activeTextEditor;
  if (editor) {
    const { document, selection } = editor;
    const from = document.offsetAt(selection.start);
    const start = Math.max(0, selection.start.line - 5);
    const around = document.getText(new vscode.Range(start, 0, selection.end.line, 10_000));
    const at = from - document.offsetAt(new vscode.Position(start, 0));
    const selected = document.getText(selection);
    const id = selection.isEmpty ? undefined : onlyId(selected);
    const here = findJobIds(around).find((one) => (id ? one.id === id : one.start <= at && at <= one.end));
    if (id || here) return { id: id ?? here?.id, type: here?.type };
  }
  const clipboard = await vscode.env.clipboard.readText().then(
    (text) => text,
    () => "",
  );
  const id = onlyId(clipboard);
  return { id, type: id ? findJobIds(clipboard)[0]?.type : undefined };
}

/** Asks for one job id. Undefined when the person went away. */
export async function askId(title: string, offered?: string): Promise<string | undefined> {
  const text = await vscode.window.showInputBox({
    title,
    prompt: t("The id of the job, as the submitting call returned it (JobId, or TaskId of a workflow)."),
    placeHolder: "5c9dff751ba0f3d1e2c34b59d50a967f",
    value: offered,
    ignoreFocusOut: true,
    validateInput: (value) => idSentence(cleanId(value)),
  });
  return text === undefined ? undefined : cleanId(text);
}

/** Why `id` cannot be asked for, and what to do; undefined when it can. */
export function idSentence(id: string): string | undefined {
  switch (idProblem(id)) {
    case "empty":
      return t("Type or paste a job id, for instance 5c9dff751ba0f3d1e2c34b59d50a967f.");
    case "spaces":
      return t("A job id has no spaces. For several jobs use “Track Many Jobs…”.");
    case "long":
      return t("This is too long for a job id (the service's have 32 characters). Paste the id alone.");
    case undefined:
      return undefined;
  }
}

/** Asks for the type; "find out" comes first. Undefined when the person went away. */
export async function askType(title: string, hint?: JobType): Promise<JobType | "any" | undefined> {
  type Choice = vscode.QuickPickItem & { readonly type: JobType | "any" };
  const ordered = hint ? [hint, ...jobTypes.filter((type) => type !== hint)] : jobTypes;
  const choices: Choice[] = [
    {
      type: "any",
      label: t("Find out"),
      iconPath: new vscode.ThemeIcon("search"),
      description: hint ? t("tries {0} first", typeWord(hint)) : undefined,
      detail: t("Asks for each type until one answers: one to four calls."),
    },
    ...ordered.map(
      (type): Choice => ({
        type,
        label: typeWord(type),
        iconPath: typeIcon(type),
        description: type === hint ? t("what stands near the id says so") : undefined,
      }),
    ),
  ];
  const picked = await vscode.window.showQuickPick(choices, {
    title,
    placeHolder: t("What kind of job is it?"),
    ignoreFocusOut: true,
  });
  return picked?.type;
}
