import { UserError } from '../errors';

/** The variables in which a scheduler tells a task which one it is. */
const VARIABLES = ['SLURM_ARRAY_TASK_ID', 'JOB_COMPLETION_INDEX'] as const;

/**
 * Which run of the sweep this process is to do: by its option, else by a scheduler's variable; `undefined` for all.
 *
 * @throws UserError where there is no such run.
 */
export function taskIndex(
  given: number | undefined,
  env: Record<string, string | undefined>,
  runs: number,
): number | undefined {
  const variable = VARIABLES.find((name) => env[name]);
  const source = given !== undefined ? '--index' : variable;
  if (!source) return undefined;
  const index = given ?? Number(env[variable!]);
  if (Number.isInteger(index) && index >= 0 && index < runs) return index;
  throw new UserError(
    `sweep: ${source} must be from 0 to ${runs - 1}, received ${given ?? env[variable!]}; write the manifest again`,
  );
}
