import type { ResolvedXceptionConfig } from './config';
import { input, layer, type Part } from './graph';

/** A block as it is, or, where the configuration asks for it, one whose activations are not kept. */
export function checkpointed({ checkpointBlocks }: ResolvedXceptionConfig, block: number, part: Part): Part {
  const wraps = Array.isArray(checkpointBlocks) ? checkpointBlocks.includes(block) : checkpointBlocks;
  if (!wraps) return part;
  return (x) => {
    const own = input(`block${block}_input`, x.shape);
    return layer({ type: 'Checkpoint', name: `block${block}`, body: { input: own, output: part(own) } })(x);
  };
}
