import { parseJobKey } from "../jobs/key.ts";
import type { JobTracker } from "../jobs/tracker.ts";
import { type Accounts, isInFiles } from "./accounts.ts";
import { Owner } from "./lifecycle.ts";

/**
 * Lets jobs that failed for want of a credential, or of a way to the service, recover by themselves when credential,
 * endpoint or proxy changed. Files are watched
 * from when the first job, or failure, of an account in files is known.
 */
export class Recovery extends Owner {
  readonly #accounts: Accounts;
  readonly #tracker: JobTracker;

  constructor(accounts: Accounts, tracker: JobTracker) {
    super();
    this.#accounts = accounts;
    this.#tracker = tracker;
    this.own(
      accounts.onDidChange((isMeant) => {
        for (const account of [...this.#known()].filter(isMeant)) {
          void tracker.credentialsChanged(account);
          this.#tryNow(account);
        }
      }),
    );
    if ([...this.#known()].some(isInFiles)) accounts.watchFiles();
    else this.#watchWhenNeeded();
  }

  /** The way to the service may be another as well: an account that was offline tries it with one call, not later. */
  #tryNow(account: string): void {
    const jobs = [...this.#tracker.jobs.values()];
    const waiting = jobs.find(({ ref, nextCheckReason }) => ref.account === account && nextCheckReason === "offline");
    if (waiting) void this.#tracker.refresh([waiting.key]).catch(() => {}); // kept with the job, and the account
  }

  #known(): Set<string> {
    const known = new Set(this.#tracker.accounts.keys());
    for (const { ref } of this.#tracker.jobs.values()) known.add(ref.account);
    return known;
  }

  #watchWhenNeeded(): void {
    const following = this.own(
      this.#tracker.onDidChange(({ changed, accounts }) => {
        const isNeeded =
          changed.some((key) => isInFiles(parseJobKey(key)?.account ?? "")) ||
          (accounts && [...this.#tracker.accounts.keys()].some(isInFiles));
        if (!isNeeded) return;
        following.dispose();
        this.#accounts.watchFiles();
      }),
    );
  }
}
