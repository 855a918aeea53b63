import { readActivities } from "../../src/workflow/activities.ts";
import { timeByTurns } from "./rounds.ts";
import type { Row } from "./row.ts";

/** Activities that make about 2 MB and 20 KB of ActivityResults, each much like those of the specification's sample. */
const sizes = [
  { name: "20 KB", activities: 34, times: 100, rounds: 30 },
  { name: "2 MB", activities: 3400, times: 1, rounds: 30 },
] as const;

/**
 * Reading activities beside the floor, `JSON.parse` of the plain text. Escaped once too often, the text must be
 * unescaped first: a second `JSON.parse`, of a longer text.
 */
export async function run(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { name, activities, times, rounds } of sizes) {
    const plain = activityResults(activities);
    const escaped = JSON.stringify(plain).slice(1, -1);
    const repeat = (work: () => unknown) => () => {
      for (let i = 0; i < times; i++) work();
    };
    const works = [() => JSON.parse(plain), () => readActivities(plain), () => readActivities(escaped)].map(repeat);
    await timeByTurns(3, works);
    const [floor, readPlain, readEscaped] = (await timeByTurns(rounds, works)).map((time) => time / times);
    rows.push(row(`decoding: ${name} plain`, readPlain!, floor!, 1.5));
    rows.push(row(`decoding: ${name} escaped once too often`, readEscaped!, floor!, 2.5));
  }
  return rows;
}

function row(name: string, ours: number, floor: number, goal: number): Row {
  const ratio = ours / floor;
  return { name, ours, peer: floor, unit: "ms", ratio, goal: `≤ ${goal}`, holds: ratio <= goal };
}

function activityResults(count: number): string {
  const begin = Date.UTC(2025, 2, 27, 8, 15, 46);
  const time = (seconds: number) => `${new Date(begin + seconds * 1000).toISOString().slice(0, 19)}Z`;
  const entry = (index: number) => {
    const instance = `c8cf62d53bef4e04bf703976bae${String(index).padStart(5, "0")}`;
    const result = {
      RequestId: `8B3649AF-5A6B-1099-BEB6-164D810${String(index).padStart(5, "0")}`,
      EventType: "SnapshotComplete",
      UserId: 1797131669910763,
      MessageBody: {
        Status: "success",
        VideoId: "00f985a50ae371f0ad1c4106e0ea0102",
        EventType: "SnapshotComplete",
        EventTime: time(index + 3),
        TriggerSource: JSON.stringify({ ActivityInstanceId: instance, BizType: "ice-workflow" }),
      },
    };
    return {
      ActivityId: "VodSnapshot",
      ActivityInstanceId: instance,
      EndTime: time(index + 4),
      Result: JSON.stringify(result),
      StartTime: time(index),
      Status: "Succeed",
    };
  };
  return JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, i) => [`VodSnapshot_${i}`, entry(i)])));
}
