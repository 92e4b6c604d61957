import type { Engine } from '@xcp/backend/engines';
import { allEngines } from '@xcp/backend/engines';
import { loadCifar10, verifyCifar10 } from '@xcp/cifar10/node';
import openUrl from 'open';
import type { StartRun } from './sweep/run-sweep';
import { startProcess } from './sweep/start-process';

/** What a command needs of the world besides a terminal: handed in, so that tests can stand in for it. */
export interface Services {
  loadCifar10: typeof loadCifar10;
  verifyCifar10: typeof verifyCifar10;
  /** In the order in which `--engine auto` tries them. */
  engines: readonly Engine[];
  /** Shows a page in the browser of whoever sits here; where there is none, nothing happens. */
  openBrowser(url: string): Promise<void>;
  /** Starts this program again, with so many threads for its kernels, or as many as it likes. */
  startRun(threads: number | undefined, env: Record<string, string | undefined>): StartRun;
}

export const defaultServices = (cwd: string): Services => ({
  loadCifar10,
  verifyCifar10,
  engines: allEngines(cwd),
  async openBrowser(url) {
    const opener = await openUrl(url).catch(() => undefined);
    opener?.on('error', () => {});
  },
  startRun: (threads, env) => startProcess(process.argv[1]!, threads, env),
});
