import { runPaths } from '../run-folder/paths';
import { writeFile } from '../run-folder/write-file';
import { readReport } from './read-report';
import { renderReport } from './render';
import type { RunReport } from './run-report';

/** Writes `report.html` of a run as it stands, and gives its path. */
export function writeReport(folder: string, told: Pick<RunReport, 'name' | 'program'>): string {
  const { report } = runPaths(folder);
  writeFile(report, renderReport(readReport(folder, told)));
  return report;
}
