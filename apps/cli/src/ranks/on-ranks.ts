import { setTimeout } from 'node:timers/promises';
import { endsAllRanks } from '@xcp/trainer';
import type { Context } from '../context';
import { messageOf, SilentError, UserError } from '../errors';
import { type Output, silent } from '../terminal/output';
import { engineOfRank } from './engine-of-rank';
import type { RankOptions } from './join-ranks';
import { noOtherRanks, type Ranks, ranksOf } from './ranks';

/** Milliseconds that rank 0 has to tell an error that all have, before another one tells it. */
const RANK_0_FIRST = 2000;

/**
 * Runs `work` with the processes that mpirun or srun has started, or alone. Rank 0 alone prints; an error of one that
 * the others do not know of ends all.
 */
export async function onRanks<T>(
  given: RankOptions,
  context: Context,
  output: Output,
  work: (ranks: Ranks, context: Context, output: Output) => Promise<T>,
): Promise<T> {
  const collective = await context.services.joinRanks(given, context.io.env);
  if (!collective) return work(noOtherRanks, context, output);
  const { rank, size, compression, library, localSize } = collective;
  const told = rank === 0 ? output : silent(output);
  const threads = context.services.shareThreads(collective.cores);
  told.say(
    `ranks   ${size} (${library}, ${localSize} on this machine, ${threads} to each)` +
      (compression === 'none' ? '' : `; gradients travel as ${compression}`),
  );
  const services = { ...context.services, engines: context.services.engines.map(engineOfRank(collective)) };
  try {
    const result = await work(
      ranksOf(collective),
      {
        ...context,
        services,
        set exitCode(code: number) {
          context.exitCode = code;
        },
        get exitCode() {
          return context.exitCode;
        },
      },
      told,
    );
    await collective.close();
    return result;
  } catch (error) {
    if (endsAllRanks(error)) {
      await collective.close();
      throw isOwn(rank, error) ? error : new SilentError();
    }
    collective.abort(error);
    if (rank === 0) throw error;
    await setTimeout(RANK_0_FIRST);
    throw new UserError(`rank ${rank}: ${messageOf(error)}`, error instanceof UserError ? error.exitCode : 1);
  }
}

/** Whether this rank is the one to tell an error that ends all. */
function isOwn(rank: number, error: unknown): boolean {
  const { name } = error as Error;
  if (name === 'PeerError') return false;
  return rank === 0 || !(name === 'DivergenceError' || name === 'RanksDifferError');
}
