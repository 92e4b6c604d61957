import { allEngines, type Engine } from '@xcp/backend/engines';
import { loadCifar10, verifyCifar10 } from '@xcp/cifar10/node';
import openUrl from 'open';
import { type StartRun, startProcess } from './processes/start-process';
import { joinRanks } from './ranks/join-ranks';
import { shareThreads } from './ranks/share-threads';
import { selfArguments } from './runtime/self-arguments';
import { thisRuntime } from './runtime/this-runtime';

/** What a command needs of the world besides a terminal: handed in, so that tests can stand in for it. */
export interface Services {
  loadCifar10: typeof loadCifar10;
  verifyCifar10: typeof verifyCifar10;
  /** In the order in which `--engine auto` tries them. */
  engines: readonly Engine[];
  /** Shows a page in the browser of whoever sits here; where there is none, nothing happens. */
  openBrowser(url: string): Promise<void>;
  /** The processes that mpirun or srun has started together with this one; null where it is alone. */
  joinRanks: typeof joinRanks;
  /** Leaves the kernels so many cores, unless XCP_NUM_THREADS says otherwise; gives a description. */
  shareThreads(cores: number): string;
  /** Starts this program again, with so many threads for its kernels, or as many as it likes. */
  startRun(threads: number | undefined, env: Record<string, string | undefined>): StartRun;
}

export const defaultServices = (cwd: string): Services => ({
  loadCifar10,
  verifyCifar10,
  engines: allEngines(cwd),
  joinRanks,
  shareThreads: (cores) => shareThreads(cores),
  async openBrowser(url) {
    const opener = await openUrl(url).catch(() => undefined);
    opener?.on('error', () => {});
  },
  startRun(threads, env) {
    const self = selfArguments(process.argv[1]!, process.execArgv, thisRuntime().name);
    return startProcess(self, threads, env);
  },
});
