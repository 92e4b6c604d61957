import { resolve } from 'node:path';
import type { Cifar10 } from '@xcp/cifar10';
import { CIFAR10_SOURCES, type Cifar10Progress } from '@xcp/cifar10/node';
import type { Context } from '../context';
import type { Output } from '../terminal/output';

/** `--data` and `--cache-dir`, as a run remembers them: paths are absolute, `null` stands for the default. */
export interface DataOptions {
  source: string | null;
  cacheDir: string | null;
}

const isPath = (source: string) =>
  !(CIFAR10_SOURCES as readonly string[]).includes(source) && !/^https?:/i.test(source);

/** The data options of the command line, with paths that hold from any folder. */
export function dataOptions(given: { data?: string; cacheDir?: string }, cwd: string): DataOptions {
  const { data, cacheDir } = given;
  return {
    source: data === undefined ? null : isPath(data) ? resolve(cwd, data) : data,
    cacheDir: cacheDir === undefined ? null : resolve(cwd, cacheDir),
  };
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);

function describe({ phase, source, loaded, total }: Cifar10Progress): string {
  const done = loaded === undefined ? '' : `  ${megabytes(loaded)}${total ? `/${megabytes(total)}` : ''} MB`;
  return `data: ${phase} (${source})${done}`;
}

/** Loads CIFAR-10 while the terminal shows how far it is. */
export async function loadData(
  { source, cacheDir }: DataOptions,
  { services }: Context,
  output: Output,
  signal: AbortSignal,
): Promise<Cifar10> {
  let announced = '';
  const onProgress = (progress: Cifar10Progress) => {
    if (progress.phase === 'failed') {
      output.say(`data: ${progress.source}: ${progress.message}`);
      return;
    }
    // A log that is not a terminal gets one line for each thing that takes long.
    const phase = `${progress.phase} (${progress.source})`;
    if (!output.isTerminal && progress.phase !== 'verify' && phase !== announced)
      output.say(`data: ${phase}`);
    announced = phase;
    output.status((columns) => describe(progress).slice(0, columns));
  };
  try {
    return await services.loadCifar10({
      ...(source !== null && { source }),
      ...(cacheDir !== null && { cacheDir }),
      onProgress,
      signal,
    });
  } finally {
    output.clear();
  }
}
