import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { engineNames } from '@xcp/backend/engines';
import { z } from 'zod';
import { runConfigSchema } from '../config/run-config';
import { messageOf, UserError } from '../errors';
import { initRecordSchema } from '../training/init';
import { runPaths } from './paths';
import { writeJson } from './write-json';

const engineName = z.enum(engineNames);

/** What `config.json` of a run holds: everything needed to run it again. */
export const runRecordSchema = z.object({
  format: z.literal(1),
  preset: z.string(),
  config: runConfigSchema,
  /** `--data` and `--cache-dir` as they were given. */
  data: z.object({ source: z.string().nullable(), cacheDir: z.string().nullable() }),
  /** `--init`, or `null` where the run began with weights of its own. */
  init: initRecordSchema.nullable().default(null),
  engine: z.object({
    name: engineName,
    detail: z.string(),
    /** `--device`, where it was given. */
    device: z.int().min(0).optional(),
    passedOver: z.array(z.object({ name: engineName, reason: z.string() })),
  }),
  parameters: z.int(),
  versions: z.record(z.string(), z.string()),
  gitCommit: z.string().nullable(),
  machine: z.string(),
  command: z.string(),
  startedAt: z.string(),
  /** Every `xcp resume` of this run. */
  resumed: z.array(z.object({ at: z.string(), command: z.string(), engine: engineName })),
});

export type RunRecord = z.output<typeof runRecordSchema>;

/**
 * Makes the run's folder and writes its `config.json`; on failure the folder is as it was.
 *
 * @throws UserError where the folder or the file cannot be written.
 */
export function createRun(folder: string, record: RunRecord): void {
  // The first folder that mkdir made, if any: removing it undoes the whole chain.
  let made: string | undefined;
  try {
    made = mkdirSync(folder, { recursive: true });
    writeJson(runPaths(folder).config, record);
  } catch (error) {
    if (made !== undefined) rmSync(made, { recursive: true, force: true });
    throw new UserError(`--out: "${folder}" cannot be written to (${messageOf(error)}); name another folder`);
  }
}

/**
 * Reads a run's `config.json`.
 *
 * @throws UserError where there is no run in the folder, or its record is damaged or of another version.
 */
export function readRun(folder: string): RunRecord {
  const path = runPaths(folder).config;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(
      `run: must be a folder made by \`xcp train\`, received "${folder}" (${messageOf(error)})`,
    );
  }
  try {
    return runRecordSchema.parse(JSON.parse(text));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw new UserError(`run: "${path}" is damaged or of another version of xcp (${reason})`);
  }
}
