import { messageOf, UserError } from '../errors';
import { runPaths } from '../run-folder/paths';
import { writeFile } from '../run-folder/write-file';
import { readReport } from './read-report';
import { renderReport } from './render';
import type { RunReport } from './run-report';

type Told = Pick<RunReport, 'name' | 'program'>;

/**
 * Writes `report.html` of a run as it stands, and gives its path.
 *
 * @throws UserError where there is no run in the folder, a file of it is damaged, or the report cannot be written.
 */
export function writeReport(folder: string, told: Told): string {
  const { report } = runPaths(folder);
  const page = renderReport(readReport(folder, told));
  try {
    writeFile(report, page);
  } catch (error) {
    throw new UserError(
      `report: "${report}" must be a file that can be written (${messageOf(error)}); make room or give access there`,
    );
  }
  return report;
}

/** Writes the report, or says why not: a training does not end for want of one. Tells whether it was written. */
export function tryReport(folder: string, told: Told, say: (text: string) => void): boolean {
  try {
    writeReport(folder, told);
    return true;
  } catch (error) {
    say(
      `report.html cannot be written (${messageOf(error)}); \`${told.program} report ${told.name}\` tries again`,
    );
    return false;
  }
}
