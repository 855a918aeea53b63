/**
 * Why the store takes no changes: `full`: no room; `locked`: another program keeps it for itself; `refused`: the disk or
 * the file's permissions do not let it be written.
 */
export type StorageTrouble = "full" | "locked" | "refused";

/** The store refused an operation. Nothing of it was done; everything that was acknowledged before is there. */
export class StorageError extends Error {
  readonly trouble: StorageTrouble;

  constructor(trouble: StorageTrouble, message: string) {
    super(message);
    this.name = "StorageError";
    this.trouble = trouble;
  }
}
