import { shellQuote } from '../terminal/shell-quote';

export interface FanOut {
  name: string;
  /** How many runs there are. */
  runs: number;
  /** How many may run at a time. */
  jobs: number;
  /** The command that does the run whose index it finds in its environment. */
  command: readonly string[];
}

/** A script for `sbatch`: an array with one task for each run, each of which reads its index from Slurm. */
export function slurmScript({ name, runs, jobs, command }: FanOut, logFolder: string): string {
  return `#!/bin/bash
#SBATCH --job-name=${name}
#SBATCH --array=0-${runs - 1}%${jobs}
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=4
#SBATCH --mem=8G
#SBATCH --output=${logFolder}/slurm-%A-%a.log
#SBATCH --signal=TERM@60
# Called again, it does what is missing: a task whose run is finished ends at once.
exec ${command.map(shellQuote).join(' ')}
`;
}
