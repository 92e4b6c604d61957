import { loadCifar10, verifyCifar10 } from '@xcp/cifar10/node';
import { allEngines } from './engines';
import type { Engine } from './engines/engine';

/** What a command needs of the world besides a terminal: handed in, so that tests can stand in for it. */
export interface Services {
  loadCifar10: typeof loadCifar10;
  verifyCifar10: typeof verifyCifar10;
  /** In the order in which `--engine auto` tries them. */
  engines: readonly Engine[];
}

export const defaultServices = (cwd: string): Services => ({
  loadCifar10,
  verifyCifar10,
  engines: allEngines(cwd),
});
