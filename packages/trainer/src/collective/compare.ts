import type { NamedArrays } from '@xcp/safetensors';
import { type Collective, PeerError, RanksDifferError } from './collective';
import { othersKnow } from './ends-all-ranks';

const SEED = 0x811c9dc5;
const PRIME = 0x01000193;

/** A hash of 32 bits (FNV-1a, word by word) of tensors in their order: as fast as they can be read. */
export function checksumOf(arrays: NamedArrays): number {
  let hash = SEED;
  for (const { data } of Object.values(arrays)) {
    const words = new Uint32Array(data.buffer, data.byteOffset, data.length);
    for (let i = 0; i < words.length; i++) hash = Math.imul(hash ^ words[i]!, PRIME);
  }
  return hash >>> 0;
}

/** The same of a text. */
export function checksumOfText(text: string): number {
  let hash = SEED;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), PRIME);
  return hash >>> 0;
}

/** @throws RanksDifferError on every rank, unless all have the same number. */
export async function checkEqual(collective: Collective, checksum: number, rule: string): Promise<void> {
  if (collective.size === 1) return;
  const [least, most] = [Float64Array.of(checksum), Float64Array.of(checksum)];
  await collective.allReduce(least, 'min');
  await collective.allReduce(most, 'max');
  if (least[0] === most[0]) return;
  const hex = (values: Float64Array) => values[0]!.toString(16).padStart(8, '0');
  throw new RanksDifferError(`train: ${rule} (checksums from ${hex(least)} to ${hex(most)})`);
}

/** What a rank is told whose weights are others than those of another rank. */
export const sameWeights = (step: number): string =>
  `weights must be the same on all ranks, received different ones after step ${step}; the ranks run different ` +
  'programs or engines, or a machine computes wrongly: go on from the last checkpoint on the same machines without it';

/** Ends all ranks where one could not do what came before: that one with its own error, the others with a PeerError. */
export async function checkAllDid(collective: Collective, error: unknown): Promise<void> {
  if (collective.size > 1) {
    const failed = Float64Array.of(error === undefined ? collective.size : collective.rank);
    await collective.allReduce(failed, 'min');
    const first = failed[0]!;
    if (first < collective.size && first !== collective.rank) {
      throw new PeerError(`train: rank ${first} could not begin, and tells why`);
    }
  }
  if (error === undefined) return;
  othersKnow(error);
  throw error;
}
