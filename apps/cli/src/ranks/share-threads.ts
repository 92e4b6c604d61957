/**
 * Has kernels use the cores of this rank, unless `XCP_NUM_THREADS` says how many threads; gives that in words.
 *
 * @param cores those of the rank; a fraction where there are more ranks than cores
 */
export function shareThreads(cores: number, env: NodeJS.ProcessEnv = process.env): string {
  env.XCP_NUM_THREADS ||= String(Math.max(1, Math.round(cores)));
  const threads = Number(env.XCP_NUM_THREADS);
  return threads === 1 ? '1 thread' : `${threads} threads`;
}
