import { join } from 'node:path';

/** The files of a run. */
export function runPaths(folder: string) {
  return {
    config: join(folder, 'config.json'),
    metrics: join(folder, 'metrics.jsonl'),
    csv: join(folder, 'epochs.csv'),
    checkpoints: join(folder, 'checkpoints'),
    model: join(folder, 'model'),
    result: join(folder, 'result.json'),
    mistakes: join(folder, 'mistakes.json'),
    report: join(folder, 'report.html'),
  };
}
