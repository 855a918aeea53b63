/** One measurement beside what it is compared with. */
export interface Row {
  readonly name: string;
  readonly ours: number;
  /** The same of the peer, or of the goal where there is no peer. */
  readonly peer: number;
  readonly unit: string;
  /** `ours` / `peer`, or the other way round where the name says so. */
  readonly ratio: number;
  /** What is wanted, in words, and whether it is so. */
  readonly goal?: string;
  readonly holds?: boolean;
}
