import type { DataKind } from './data/data-set';
import type { NetworkName } from './training/network';

/** What the user chose for a run; kept in its checkpoints. */
export interface Settings {
  data: DataKind;
  network: NetworkName;
  epochs: number;
}
