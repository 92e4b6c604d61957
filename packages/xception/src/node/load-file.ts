import type * as tfl from '@tensorflow/tfjs-layers';
import { type LoadReport, type LoadWeightsOptions, loadWeights } from '../weights/load-weights';
import { readPath } from './read-path';

/** What was done, and with which file. */
export interface FileLoadReport extends LoadReport {
  path: string;
}

/** Loads weights from a file or folder, and says its path where the file is at fault. */
export async function loadFile(
  model: tfl.LayersModel,
  path: string,
  options: LoadWeightsOptions,
): Promise<FileLoadReport> {
  const found = await readPath(path);
  try {
    const report = await loadWeights(model, found.source, options);
    return { ...report, warnings: [...found.warnings, ...report.warnings], path: found.path };
  } catch (cause) {
    throw new Error(`${(cause as Error).message}\nThe weights are those of ${found.path}.`, { cause });
  }
}
