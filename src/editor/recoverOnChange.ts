import type * as vscode from "vscode";
import type { JobTracker } from "../jobs/tracker.ts";
import type { Accounts } from "./accounts.ts";

/** Lets jobs that failed for want of a credential recover by themselves, from when the first job is known. */
export function recoverOnChange(accounts: Accounts, tracker: JobTracker): vscode.Disposable {
  let recovery: Promise<vscode.Disposable> | undefined;
  const following = tracker.onDidChange(() => {
    following.dispose();
    recovery = import("./recovery.ts").then(({ Recovery }) => new Recovery(accounts, tracker));
  });
  return {
    dispose() {
      following.dispose();
      void recovery?.then((one) => one.dispose());
    },
  };
}
