import type { JobType } from "../../vod/types.ts";

/** What an identifier or a word near an id says of it. */
export interface Meaning {
  /** The id is a job's, or that of something else. Absent: the word says nothing of what the id is. */
  readonly noun?: "job" | "other";
  readonly type?: JobType;
  /** The word is "task": such ids are workflow tasks where nothing says otherwise. */
  readonly task?: true;
  /** The other thing is a media asset. */
  readonly media?: true;
  /** Says only that there is an id (`id`, `"Id"`): what it is an id of stands elsewhere. */
  readonly neutral?: true;
}

const jobWords = wordSet("job jobs 任务 作业");
const taskWords = wordSet("task tasks");
const mediaWords = wordSet("video videos media medium vid vids 视频 媒资 媒体 音视频");
/** Things that have ids, or values, of 32 hexadecimal digits and are no jobs. */
const otherWords = wordSet(
  "md md5 hash hashes digest checksum crc sha sha1 sha256 etag fingerprint nonce token secret password pwd salt iv key",
  "signature sign cookie session csrf uuid guid trace traceparent span correlation transaction",
  "template tpl preset instance activity group workflow user uid owner tenant account app application project category",
  "cate host machine device container pod node build commit revision rev version image cover file object bucket order",
  "请求 模板 模版 用户 实例 工作流 应用 文件 分类 订单 密钥 签名",
);
/** Things whose ids are no jobs' either, but whose name alone says nothing of an id near it: "the request returned …". */
const otherOwners = wordSet("request req response message event parent client asset resource log");
/** The words that are written in one with "id": not every word that ends so (valid, grid, void) is an id. */
const compounds = [jobWords, taskWords, mediaWords, otherWords, otherOwners];
/** What a submission or an event says of itself behind the type: `TranscodeComplete`, `SnapshotFailed`. */
const endings = wordSet("complete completed success succeeded fail failed cancelled canceled submitted finished");

/** The types as words of an identifier. `audit` and `censor` are what most AI jobs do (AIMediaAudit, AIVideoCensor). */
const typeWords: ReadonlyMap<string, JobType> = new Map<string, JobType>([
  ...["transcode", "transcodes", "transcoding", "转码"].map((word) => [word, "transcode"] as const),
  ...["snapshot", "snapshots", "截图"].map((word) => [word, "snapshot"] as const),
  ...["workflow", "workflows", "工作流"].map((word) => [word, "workflow"] as const),
  ...["ai", "audit", "censor", "审核"].map((word) => [word, "ai"] as const),
]);

function wordSet(...lists: string[]): ReadonlySet<string> {
  return new Set(lists.flatMap((list) => list.split(" ")));
}

/** What was asked before: texts use the same few names again and again. */
const meanings = new Map<string, Meaning>();
const mostMeanings = 2000;

/**
 * What an identifier in any naming style says: jobId, job_id, job-id, JobID, JOB_ID, TranscodeJobIds, setTaskId, `转码任务ID`.
 * The last word decides what the value is, the others which type it has (`vod-facts` §7).
 */
export function meaningOf(identifier: string): Meaning {
  let meaning = meanings.get(identifier);
  if (meaning) return meaning;
  meaning = readMeaning(identifier);
  if (meanings.size >= mostMeanings) meanings.clear();
  // A copy: a slice would keep the whole text alive that it was cut from.
  meanings.set(Array.from(identifier).join(""), meaning);
  return meaning;
}

function readMeaning(identifier: string): Meaning {
  const words = wordsOf(identifier);
  const isId = dropId(words);
  const last = words.at(-1);
  if (last === undefined) return isId ? { neutral: true } : {};
  const type = typeIn(words);
  if (taskWords.has(last)) {
    // A TranscodeTaskId is asked for with GetTranscodeTask, not with GetJobDetail (GetJobDetail page).
    if (type === "transcode") return isId ? { noun: "other", type } : { noun: "job", type };
    return { noun: "job", task: true, ...(type && { type }) };
  }
  if (jobWords.has(last)) return { noun: "job", ...(type && { type }) };
  if (mediaWords.has(last)) return { noun: "other", media: true };
  const own = typeWords.get(last);
  // A workflow's own id (vw_…) is no task's; "ai" alone is as often a word of its own.
  if (own && own !== "ai" && !(own === "workflow" && isId)) return { noun: "job", type: own };
  if (isId || otherWords.has(last) || otherWords.has(last.replace(/s$/, ""))) return { noun: "other" };
  if (words.some((word) => jobWords.has(word)) || (type && endings.has(last)))
    return { noun: "job", ...(type && { type }) };
  return type ? { type } : {};
}

function typeIn(words: readonly string[]): JobType | undefined {
  for (let at = words.length - 1; at >= 0; at--) {
    const type = typeWords.get(words[at]!);
    if (type) return type;
  }
  return undefined;
}

/** The words of an identifier in lower case: `SubmitAIJob` gives submit, ai, job; `转码任务ID` gives 转码, 任务, id. */
function wordsOf(identifier: string): string[] {
  const plural = identifier.replace(/ID[sS](?![a-z])/g, "Ids");
  const words = plural.match(/[A-Z]+(?![a-z])\d*|[A-Z]?[a-z]+\d*|[\u4e00-\u9fff]+/g) ?? [];
  return words.flatMap((word) => (word.charCodeAt(0) > 127 ? chineseWords(word) : [word.toLowerCase()]));
}

const chineseWord = new RegExp(
  [...jobWords, ...mediaWords, ...otherWords, ...typeWords.keys()]
    .filter((word) => word.charCodeAt(0) > 127)
    .sort((a, b) => b.length - a.length)
    .join("|"),
  "g",
);

function chineseWords(run: string): string[] {
  return run.match(chineseWord) ?? [];
}

/** Takes "id" or "ids" off the end of `words`, also where it is written in one with the word before: `jobid`, `TASKIDS`. */
function dropId(words: string[]): boolean {
  const last = words.at(-1);
  if (last === "id" || last === "ids") {
    words.pop();
    return true;
  }
  const stem = /^(.{3,})ids?$/.exec(last ?? "")?.[1];
  if (stem === undefined || !compounds.some((set) => set.has(stem))) return false;
  words[words.length - 1] = stem;
  return true;
}
