import type { TrainCallback } from '@xcp/trainer';
import { messageOf } from '../errors';
import type { RunReport } from './run-report';
import { writeReport } from './write-report';

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
      try {
        writeReport(folder, told);
      } catch (error) {
        if (!failed) say(`report.html cannot be written (${messageOf(error)})`);
        failed = true;
      }
    },
  };
}
