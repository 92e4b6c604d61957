import { resolve } from 'node:path';
import type { InitReport, TrainInit } from '@xcp/trainer';
import { readInit } from '@xcp/trainer/node';
import { z } from 'zod';
import { UserError } from '../errors';
import type { Output } from '../terminal/output';

/** `--init` as a run remembers it. */
export const initRecordSchema = z.object({
  /** What was read, such as the best checkpoint of the run that was named. */
  path: z.string(),
  sha256: z.string(),
  head: z.enum(['keep', 'fresh']),
  schedule: z.enum(['fresh', 'continue']),
});

export type InitRecord = z.output<typeof initRecordSchema>;

export interface InitOptions {
  init?: string;
  initHead?: InitRecord['head'];
  initSchedule?: InitRecord['schedule'];
}

/** What a run begins with, as the command line says, and what to remember of it; throws if it cannot be read. */
export async function initFrom(
  { init: path, initHead, initSchedule }: InitOptions,
  cwd: string,
): Promise<{ init: TrainInit; record: InitRecord } | null> {
  if (path === undefined) {
    if (initHead === undefined && initSchedule === undefined) return null;
    throw new UserError(
      'train: `--init-head` and `--init-schedule` need `--init`, received none; name what to begin with',
    );
  }
  const [head, schedule] = [initHead ?? 'keep', initSchedule ?? 'fresh'];
  const read = await readInit(resolve(cwd, path)).catch((error: Error) => {
    throw new UserError(error.message.replace('readInit: `path`', '--init:'));
  });
  const record = { path: read.source.path, sha256: read.source.sha256, head, schedule };
  return { init: { ...read, head, schedule }, record };
}

/** Reads again what a run began with that was stopped before its first checkpoint. */
export async function initAgain(record: InitRecord | null): Promise<TrainInit | undefined> {
  if (record === null) return undefined;
  const { path, sha256, head, schedule } = record;
  const read = await readInit(path);
  if (read.source.sha256 === sha256) return { ...read, head, schedule };
  throw new UserError(
    `resume: "${path}", which the run began with, must have SHA-256 ${sha256}, received ${read.source.sha256}; ` +
      'bring the file back or start a new run',
  );
}

/** Says what a run begins with. */
export function sayInit({ path }: InitRecord, report: InitReport, output: Output): void {
  const { loaded, fresh, left, optimizer } = report;
  const parts = [
    `${loaded.length} weights`,
    ...(optimizer ? ['the optimizer'] : []),
    ...(fresh.length > 0 ? [`fresh ${fresh.join(', ')}`] : []),
    ...(left.length > fresh.length ? [`${left.length} left`] : []),
  ];
  output.say(`init    ${path}: ${parts.join('; ')}`);
  output.emit({ event: 'init', path, ...report });
}
