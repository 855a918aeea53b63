/** What others do to the database's files while windows use them: clean up, put a backup back, take rights away. */
import assert from "node:assert/strict";
import { chmodSync, chownSync, cpSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { jobKey } from "../../../../src/jobs/key.ts";
import { SqliteHub } from "../../../../src/jobs/sqlite/hub.ts";
import { databaseName } from "../../../../src/jobs/sqlite/open.ts";
import { FakeClock } from "../../support/clock.ts";
import { FakeService, openWindow, ref, temporaryFolder } from "../support.ts";

interface Deed {
  readonly what: string;
  /** `backup`: a copy of the folder from a while ago. */
  begin(folder: string, backup: string): void;
  end?(folder: string): void;
  /** Done as a person whom rights bind; not possible everywhere. */
  readonly bound?: true;
  /** What is found in the file's place may be damaged, which is told. */
  readonly damages?: true;
}

/** Puts a file into the place of another at once, as `mv` does. */
function replace(file: string, by: string | Uint8Array, isCopy = true): void {
  if (isCopy) cpSync(by as string, `${file}.new`);
  else writeFileSync(`${file}.new`, by);
  renameSync(`${file}.new`, file);
}

const names = (name: string) => Array.from({ length: 60 }, (_, n) => `${name}${n}`);
const nobody = 65_534;

const deeds: readonly Deed[] = [
  {
    what: "deletes the files",
    begin: (folder) => {
      for (const name of readdirSync(folder)) rmSync(join(folder, name));
    },
  },
  { what: "deletes the folder", begin: (folder) => rmSync(folder, { recursive: true }) },
  {
    what: "puts an older copy of all files back",
    begin(folder, backup) {
      for (const name of readdirSync(backup)) replace(join(folder, name), join(backup, name));
    },
  },
  {
    what: "puts an older copy of the file back beside a newer journal",
    begin: (folder, backup) => replace(join(folder, databaseName), join(backup, databaseName)),
    damages: true,
  },
  {
    what: "puts something else into the file's place",
    begin: (folder) => replace(join(folder, databaseName), "no database".repeat(1_000), false),
    damages: true,
  },
  {
    what: "takes every right on the folder away",
    begin: (folder) => chmodSync(folder, 0),
    end: (folder) => chmodSync(folder, 0o700),
    bound: true,
  },
  {
    what: "takes the right to write away",
    begin(folder) {
      for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o400);
      chmodSync(folder, 0o500);
    },
    end(folder) {
      chmodSync(folder, 0o700);
      for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o600);
    },
    bound: true,
  },
];

/** Files of one who is no superuser belong to that one from now on. Gives what undoes it. */
function becomeOrdinary(folder: string): () => void {
  if (process.getuid?.() !== 0) return () => {};
  for (const name of ["..", "", ...readdirSync(folder)]) chownSync(join(folder, name), nobody, nobody);
  process.seteuid!(nobody);
  return () => process.seteuid!(0);
}

describe("when somebody, while two windows use the database,", () => {
  for (const { what, begin, end, bound, damages } of deeds) {
    const skip = bound && process.platform === "win32" && "there are no such rights";
    it(`${what}, nothing is lost in either, now or after a restart`, { skip }, async () => {
      const folder = join(temporaryFolder(), "storage");
      const clock = new FakeClock();
      const service = new FakeService(clock);
      const hubs = [1, 2].map(() => new SqliteHub(folder, () => clock.now()));
      const trackers = hubs.map((hub) => openWindow(hub, clock, service, { polling: false }).tracker);
      const [one, two] = trackers as [(typeof trackers)[0], (typeof trackers)[0]];
      for (const tracker of trackers) await tracker.start();
      const wanted = new Map<string, string>();
      /** One job after the other, each with a name, from either window. */
      async function track(ids: readonly string[]): Promise<void> {
        for (const [n, id] of ids.entries()) {
          await [one, two][n % 2]!.track([ref(id)], { label: `label of ${id}` });
          wanted.set(jobKey(ref(id)), `label of ${id}`);
        }
      }
      const assertThere = (jobs: ReadonlyMap<string, { label?: string; pin?: number }>) => {
        const labels = [...jobs].map(([key, { label }]) => `${key} ${label}`);
        assert.deepEqual(labels.sort(), [...wanted].map(([key, label]) => `${key} ${label}`).sort());
        assert.equal(jobs.get(jobKey(ref("later1")))?.pin, 0);
      };

      await track(names("before"));
      await clock.advance(1_000);
      const backup = join(folder, "..", "backup");
      cpSync(folder, backup, { recursive: true });
      await track(names("later"));
      await one.pin([jobKey(ref("later1"))]);
      await two.setLabel(jobKey(ref("before1")), "another name");
      wanted.set(jobKey(ref("before1")), "another name");
      await clock.advance(1_000);

      const undo = bound ? becomeOrdinary(folder) : () => {};
      try {
        begin(folder, backup);
        await track(names("meanwhile"));
        await clock.advance(20_000);
        for (const { jobs } of trackers) assertThere(jobs);
        end?.(folder);
        await track(["after"]);
        await clock.advance(20_000);
        for (const { jobs } of trackers) assertThere(jobs);
        const told = new Set(trackers.flatMap((tracker) => tracker.notices.map(({ kind }) => kind)));
        if (damages) told.delete("damaged");
        assert.deepEqual([...told], []);

        const ended = Promise.all(trackers.map((tracker) => tracker.dispose()));
        await clock.advance(1);
        await ended;
        for (const hub of hubs) await hub.close();
        const again = new SqliteHub(folder, () => clock.now());
        const { tracker } = openWindow(again, clock, service, { polling: false });
        await tracker.start();
        assert.deepEqual(tracker.notices, []);
        assertThere(tracker.jobs);
        await Promise.all([tracker.dispose(), clock.advance(1)]);
        await again.close();
      } finally {
        undo();
      }
    });
  }
});
