import type { Session } from '../session';
import { broadcastJson } from './broadcast';

/**
 * Has all ranks know alike whether the run is to stop or to be saved here, whoever of them was asked: decisions are
 * taken from what this leaves in the session.
 */
export async function agree(session: Session): Promise<void> {
  const { collective, asked, given, aborter } = session;
  if (collective.size === 1) return;
  const flags = Float64Array.of(
    Number(asked.stop !== null),
    Number(asked.save),
    Number(given.signal?.aborted ?? false),
  );
  await collective.allReduce(flags, 'max');
  if (flags[0]! > 0) asked.stop = await broadcastJson(collective, asked.stop);
  asked.save = flags[1]! > 0;
  if (flags[2]! > 0 && !aborter.signal.aborted) {
    aborter.abort(given.signal?.aborted ? given.signal.reason : new DOMException('stopped', 'AbortError'));
  }
}
