import { StorageError } from './file-errors';
import type { Report } from './progress';
import type { ResolvedSource } from './source';
import { TooSlowError } from './transfer-watch';

/**
 * Runs `attempt` with one source after the other until one succeeds; throws with the reason of each if none does.
 *
 * `attempt` throws a `TooSlowError` for a source that gives less than `minSpeed` bytes per second. Such a source
 * comes once more after all others, and may then, as may one that is the last, take its time: its floor is 0.
 */
export async function trySources<Source extends ResolvedSource>(
  sources: readonly Source[],
  attempt: (source: Source, minSpeed: number) => Promise<void>,
  options: { minSpeed: number; failure: string; report: Report; signal?: AbortSignal },
): Promise<void> {
  const queue = sources.map((source) => ({ source, isPatient: false }));
  const errors: Error[] = [];
  const lines: string[] = [];
  for (let next = queue.shift(); next; next = queue.shift()) {
    const { source, isPatient } = next;
    try {
      return await attempt(source, isPatient || queue.length === 0 ? 0 : options.minSpeed);
    } catch (error) {
      options.signal?.throwIfAborted();
      if (error instanceof StorageError) throw error;
      if (error instanceof TooSlowError) queue.push({ source, isPatient: true });
      const { message } = error as Error;
      errors.push(error as Error);
      lines.push(`\n  ${source.kind}: ${message}`);
      options.report({ phase: 'failed', source: source.kind, message });
    }
  }
  throw new AggregateError(
    errors,
    `loadCifar10: ${options.failure}:${lines.join('')}\nTo bring it by hand, put cifar-10-binary.tar.gz on this machine and pass its path as \`source\`.`,
  );
}
