import { idAt, type Lines } from "../../src/editor/doors/idAt.ts";
import { findJobIds } from "../../src/jobs/ids/find.ts";
import { KnownIds } from "../../src/jobs/ids/known.ts";
import { randomFrom } from "./graphs.ts";
import { timeByTurns } from "./rounds.ts";
import type { Row } from "./row.ts";

const logSize = 50e6;
const trackedJobs = 10_000;
const random = randomFrom(20);

/**
 * Finding job ids in a log of 50 MB, keys, types and all, beside the plain expression for 32 hexadecimal digits, which
 * finds media, requests and hashes too and can tell nothing of them; and what a hover costs on a line of 1 MB.
 */
export async function run(): Promise<Row[]> {
  const rows: Row[] = [];
  const tracked = new KnownIds(Array.from({ length: trackedJobs }, hexId));
  for (const { every, goal } of [{ every: 1000, goal: 1 }, { every: 20, goal: 1 }, { every: 1 }]) {
    const text = log(every);
    const [ours, peer] = await timeByTurns(5, [() => findJobIds(text, tracked), () => findPlainly(text)]);
    const [fast, plain] = [speed(text, ours!), speed(text, peer!)];
    const ratio = fast / plain;
    const name = `ids: 50 MB log, ids in ${every === 1 ? "every line" : `one of ${every} lines`}, ${trackedJobs} tracked`;
    rows.push({
      name,
      ours: fast,
      peer: plain,
      unit: "MB/s",
      ratio,
      ...(goal && { goal: `≥ ${goal}`, holds: ratio >= goal }),
    });
  }
  return [...rows, ...(await hovers(tracked))];
}

/** The milliseconds of one hover: the pointer on an id, and the pointer on a long word, each on a line of 1 MB. */
async function hovers(tracked: KnownIds): Promise<Row[]> {
  const filler = `"Url":"https://cdn.example.com/${"v".repeat(20)}","Size":12345,`.repeat(8_000).slice(0, 500_000);
  const onId = `${filler}"JobId":"${hexId()}",${filler}`;
  const onWord = `${filler}${"0a".repeat(1_000)}${filler}`;
  const repeat = 100;
  const times = await timeByTurns(
    20,
    [onId, onWord].map((line) => () => {
      const document = oneLine(line);
      for (let i = 0; i < repeat; i++) idAt(document, 1, 500_020 + (i % 20), tracked);
    }),
  );
  return times.map((time, i) => {
    const ours = time / repeat;
    const name = `hover: line of 1 MB, pointer on ${i === 0 ? "an id" : "2,000 hexadecimal digits"}`;
    return { name, ours, peer: 5, unit: "ms", ratio: ours / 5, goal: "≤ 5 ms", holds: ours <= 5 };
  });
}

/** A line between two of its kind: what is around it must not cost more than a short line would. */
function oneLine(text: string): Lines {
  return { lineCount: 3, lineAt: () => ({ text }) };
}

function findPlainly(text: string): string[] {
  return text.match(/[0-9a-fA-F]{32}/g) ?? [];
}

function speed(text: string, milliseconds: number): number {
  return text.length / 1e3 / milliseconds;
}

function hexId(): string {
  let id = "";
  while (id.length < 32) id += Math.floor(random() * 16).toString(16);
  return id;
}

const words =
  "request accepted for customer checkout service latency upstream cache miss shard replica leader queue depth retry pool".split(
    " ",
  );

/** A log whose lines tell of jobs in one of `every` lines and of a service's usual work else. */
function log(every: number): string {
  const word = () => words[Math.floor(random() * words.length)]!;
  const lines: string[] = [];
  for (let i = 0, size = 0; size < logSize; i++) {
    const time = new Date(1.7e12 + i * 137).toISOString();
    const address = Math.floor(random() * 2 ** 32).toString(16);
    const line =
      i % every === 0
        ? `${time} INFO [vod-${i % 8}] SubmitTranscodeJobs VideoId=${hexId()} -> JobId=${hexId()} ${word()} ${word()}\n`
        : `${time} DEBUG [${word()}-${i % 8}] ${word()} ${word()} ${word()} code=${i % 600} took=${i % 999}ms at=0x${address} ${word()} ${word()}\n`;
    lines.push(line);
    size += line.length;
  }
  // Joining gives a tree of strings; a file's text is one piece.
  return Buffer.from(lines.join("")).toString("latin1");
}
