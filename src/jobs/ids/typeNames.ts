import type { JobType } from "../../vod/types.ts";
import { alphanumeric, characterSet, isIn } from "./runs.ts";

const [upperA, upperZ, lowerA, lowerZ] = [0x41, 0x5a, 0x61, 0x7a];
/** The first characters of 转码, 截图 and 工作流. */
const chinese = { transcode: 0x8f6c, snapshot: 0x622a, workflow: 0x5de5 };

const beginnings = characterSet("tTsSwWaA");

/** Whether the name of a type may begin with this character. */
export function mayBeginType(code: number): boolean {
  if (code < 128) return beginnings[code] === 1;
  return code === chinese.transcode || code === chinese.snapshot || code === chinese.workflow;
}

/**
 * The job type that an API, an object, an event or a plain word names which begins at `at`, in the middle of an
 * identifier too: SubmitTranscodeJobs, snapshot_job, WorkflowTaskComplete, AIJobList, 转码任务 (`vod-facts` §7).
 */
export function typeNameAt(text: string, at: number): JobType | undefined {
  switch (text.charCodeAt(at) | 0x20) {
    case 0x74:
      return isWord(text, at, "transcod") ? "transcode" : undefined;
    case 0x73:
      return isWord(text, at, "snapshot") ? "snapshot" : undefined;
    case 0x77:
      return isWord(text, at, "workflow") && !isWorkflowId(text, at + 8) ? "workflow" : undefined;
    case 0x61:
      return isAI(text, at) ? "ai" : undefined;
  }
  if (text.startsWith("转码", at)) return "transcode";
  if (text.startsWith("截图", at)) return "snapshot";
  return text.startsWith("工作流", at) ? "workflow" : undefined;
}

/** Whether `word` stands at `at`, in any case. */
function isWord(text: string, at: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) if ((text.charCodeAt(at + i) | 0x20) !== word.charCodeAt(i)) return false;
  return true;
}

/** Every job that a workflow started carries the workflow's id: that says nothing of the job's type. */
function isWorkflowId(text: string, at: number): boolean {
  const id = /[_-]/.test(text.charAt(at)) ? at + 1 : at;
  return isWord(text, id, "id") && !isLower(text.charCodeAt(id + 2));
}

function isLower(code: number): boolean {
  return code >= lowerA && code <= lowerZ;
}
function isUpper(code: number): boolean {
  return code >= upperA && code <= upperZ;
}

const aiThings = ["job", "task", "media", "video", "image", "audit", "censor"];

/** Whether "ai" at `at` is a word of its own and names a job type: `AIJob`, `ai_job`, `AI task`, `AI任务`, `JobType=ai`. */
function isAI(text: string, at: number): boolean {
  if ((text.charCodeAt(at + 1) | 0x20) !== 0x69) return false;
  const before = text.charCodeAt(at - 1) || 0;
  if (isUpper(before) || (isLower(before) && isLower(text.charCodeAt(at)))) return false;
  const end = at + 2;
  if (isLower(text.charCodeAt(end))) return false;
  const next = /[\s_-]/.test(text.charAt(end)) ? end + 1 : end;
  if (/[任审]/.test(text.charAt(next))) return true;
  if (aiThings.some((thing) => isWord(text, next, thing))) return true;
  return !isIn(alphanumeric, text, end) && statingKey(text, at) !== undefined;
}

const assigning = characterSet("\"'\\ :=>(");

/**
 * Where the key begins that has the name at `at` as its value and is there to tell a type: `"JobType": "ai"`,
 * `EventType=StreamTranscodeComplete`, `type: snapshot`, `setJobType("ai")`, `Action=SubmitAIJob`. Undefined for a name that is no such value.
 */
export function statingKey(text: string, at: number): number | undefined {
  const floor = Math.max(0, at - 80);
  let end = at;
  while (end > floor && isIn(alphanumeric, text, end - 1)) end--;
  const value = end;
  while (end > floor && isIn(assigning, text, end - 1)) end--;
  if (end === value || !["type", "event", "action"].some((key) => isWord(text, end - key.length, key)))
    return undefined;
  while (end > floor && isIn(alphanumeric, text, end - 1)) end--;
  return end;
}
