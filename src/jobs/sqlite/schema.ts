/**
 * The tables, as the steps that made them. A step is never changed once released; a new one is added at the end.
 * The number of steps done is the file's `user_version`.
 */
export const schema: readonly string[] = [
  `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
  INSERT INTO meta VALUES ('seq', 0), ('epoch', lower(hex(randomblob(8))));

  -- Tracked jobs, and those that were merely looked up or are tracked no more (tracked = 0). Times in ms since 1970.
  CREATE TABLE jobs (
    key TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    type TEXT NOT NULL,
    id TEXT NOT NULL,
    tracked INTEGER NOT NULL,
    label TEXT,
    pin INTEGER,
    seen INTEGER NOT NULL DEFAULT 1,
    paused INTEGER NOT NULL DEFAULT 0,
    announce INTEGER NOT NULL DEFAULT 0, -- 1: finished, and no window has told of it yet
    added_at INTEGER NOT NULL,
    removed_at INTEGER,
    -- what the last answer says
    phase TEXT NOT NULL DEFAULT 'waiting',
    status TEXT,
    title TEXT,
    kind TEXT,
    media_id TEXT,
    created_at INTEGER,
    finished_at INTEGER,
    activities INTEGER,
    failed_activities INTEGER,
    asked_at INTEGER, -- when the call was started that gave it
    checked_at INTEGER,
    changed_at INTEGER,
    -- what went wrong since
    problem TEXT,
    failures INTEGER NOT NULL DEFAULT 0,
    -- when to ask next
    due_at INTEGER,
    unfocused_due_at INTEGER,
    reason TEXT NOT NULL,
    likely_end_at INTEGER,
    lease_owner TEXT,
    lease_until INTEGER,
    seq INTEGER NOT NULL
  );
  CREATE INDEX jobs_tracked ON jobs (key) WHERE tracked = 1;
  CREATE INDEX jobs_due ON jobs (account, due_at) WHERE tracked = 1 AND paused = 0 AND due_at IS NOT NULL;
  CREATE INDEX jobs_unfocused_due ON jobs (account, unfocused_due_at)
    WHERE tracked = 1 AND paused = 0 AND unfocused_due_at IS NOT NULL;
  CREATE INDEX jobs_seq ON jobs (seq);
  CREATE INDEX jobs_announce ON jobs (announce) WHERE announce = 1;
  CREATE INDEX jobs_pinned ON jobs (pin) WHERE pin IS NOT NULL;
  CREATE INDEX jobs_leased ON jobs (lease_owner) WHERE lease_owner IS NOT NULL;
  CREATE INDEX jobs_forgotten ON jobs (coalesce(removed_at, added_at)) WHERE tracked = 0;
  CREATE INDEX jobs_runs ON jobs (kind, created_at) WHERE type = 'workflow' AND finished_at IS NOT NULL;

  CREATE TABLE answers (key TEXT NOT NULL PRIMARY KEY, at INTEGER NOT NULL, body BLOB NOT NULL);

  CREATE TABLE observations (key TEXT NOT NULL, at INTEGER NOT NULL, status TEXT NOT NULL, phase TEXT NOT NULL);
  CREATE INDEX observations_of ON observations (key, at);
  CREATE INDEX observations_at ON observations (at);

  -- How long finished jobs took: what polls are planned by. Outlives the jobs.
  CREATE TABLE durations (
    key TEXT NOT NULL PRIMARY KEY,
    type TEXT NOT NULL,
    kind TEXT NOT NULL,
    finished_at INTEGER NOT NULL,
    duration INTEGER NOT NULL
  );
  CREATE INDEX durations_of_kind ON durations (type, kind, finished_at);
  CREATE INDEX durations_of_type ON durations (type, finished_at);

  CREATE TABLE accounts (account TEXT NOT NULL PRIMARY KEY, pacing TEXT, block TEXT, seq INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX accounts_seq ON accounts (seq);
  `,
  `
  -- Beside the answer of a transcode job: what GetTranscodeTask said, and which window is asking.
  ALTER TABLE answers ADD COLUMN transcode TEXT;
  ALTER TABLE answers ADD COLUMN transcode_owner TEXT;
  ALTER TABLE answers ADD COLUMN transcode_until INTEGER;
  -- The error in it, for lists.
  ALTER TABLE jobs ADD COLUMN error TEXT;
  -- Why the account may not ask for it.
  ALTER TABLE accounts ADD COLUMN transcode_refusal TEXT;
  `,
];
