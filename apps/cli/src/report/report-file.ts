import type { TrainCallback } from '@xcp/trainer';
import type { RunReport } from './run-report';
import { tryReport } from './write-report';

/**
 * Keeps `report.html` of a run up to date, epoch by epoch. A report that cannot be written ends no training: it is
 * said once.
 */
export function reportFile(
  folder: string,
  told: Pick<RunReport, 'name' | 'program'>,
  say: (text: string) => void,
): TrainCallback {
  let failed = false;
  return {
    onEpochEnd() {
      const written = tryReport(folder, told, failed ? () => {} : say);
      failed ||= !written;
    },
  };
}
