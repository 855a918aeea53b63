import fs from "node:fs";
import path from "node:path";
import * as vscode from "vscode";

/** An id of a corpus file that is to be found, and what its surroundings say. */
export interface Expected {
  readonly id: string;
  readonly because: "named" | "form";
  readonly type?: string;
}

/** A file of the corpus of real-looking files, and the job ids in it; every other id in it is to be left alone. */
export interface CorpusFile {
  readonly name: string;
  readonly text: string;
  readonly expected: readonly Expected[];
}

const folder = path.resolve(import.meta.dirname, "../../test/fixtures/files");

export function readCorpus(): CorpusFile[] {
  const expected: Record<string, Expected[]> = JSON.parse(fs.readFileSync(path.join(folder, "expected.json"), "utf8"));
  return Object.entries(expected).map(([name, hits]) => ({
    name,
    text: fs.readFileSync(path.join(folder, name), "utf8"),
    expected: hits,
  }));
}

const languages: Record<string, string> = {
  ".java": "java",
  ".go": "go",
  ".json": "json",
  ".log": "log",
  ".md": "markdown",
  ".py": "python",
  ".sh": "shellscript",
  ".ts.txt": "typescript",
  ".xml": "xml",
  ".yaml": "yaml",
};

/** Opens a text as an untitled document, in the language of the file's name. */
export async function openText(content: string, name = "notes.txt"): Promise<vscode.TextDocument> {
  const ending = Object.keys(languages).find((one) => name.endsWith(one));
  return vscode.workspace.openTextDocument({ content, language: ending ? languages[ending] : "plaintext" });
}

/** Every run of 32 hexadecimal digits in a text, whatever it is, and where it begins. */
export function allIds(text: string): { id: string; start: number }[] {
  return [...text.matchAll(/(?<![0-9a-fA-F])[0-9a-fA-F]{32}(?![0-9a-fA-F])/g)].map((match) => ({
    id: match[0],
    start: match.index,
  }));
}

/** The commands that a text links to, with their arguments. */
export function commandsIn(markdown: string): { command: string; args: unknown[] }[] {
  return [...markdown.matchAll(/command:(vodJobs\.\w+)\?([^)\s]*)/g)].map(([, command, query]) => ({
    command: command!,
    args: JSON.parse(decodeURIComponent(query!)),
  }));
}

/** The text of our hover on an id, spaces as they are read. */
export async function hoverOn(id: string): Promise<string> {
  const document = await openText(`TaskId: ${id}`);
  const place = new vscode.Position(0, 12);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    "vscode.executeHoverProvider",
    document.uri,
    place,
  );
  const values = hovers.flatMap(({ contents }) =>
    (contents as vscode.MarkdownString[]).map(({ value }) => value ?? ""),
  );
  return values.join("\n").replaceAll("&nbsp;", " ").replace(/\\(.)/g, "$1");
}
