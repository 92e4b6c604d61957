import type { ResolvedXceptionConfig } from './config';
import { input, layer, type Node, type Part } from './graph';

/** A block as it is, or, where the configuration asks for it, one whose activations are not kept. */
export function checkpointed(
  { checkpointBlocks }: ResolvedXceptionConfig,
  block: number,
  part: Part,
  name = `block${block}`,
): Part {
  const wraps = Array.isArray(checkpointBlocks) ? checkpointBlocks.includes(block) : checkpointBlocks;
  if (!wraps) return part;
  let apply: ((x: Node) => Node) | undefined;
  return (x) => {
    apply ??= wrap(name, x, part);
    return apply(x);
  };
}

function wrap(name: string, x: Node, part: Part): (x: Node) => Node {
  const own = input(`${name}_input`, x.shape);
  return layer({ type: 'Checkpoint', name, body: { input: own, output: part(own) } });
}
