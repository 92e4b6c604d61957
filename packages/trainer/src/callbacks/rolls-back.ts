/** What a callback is told when a run that diverged goes on from an earlier checkpoint. */
export interface RollsBack {
  /** Steps and epochs done at that checkpoint: those after it are undone. */
  onRollback?(event: { toStep: number; toEpoch: number }): void;
}
