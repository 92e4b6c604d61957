import type * as tfl from '@tensorflow/tfjs-layers';
import { nearest } from '../unknown-keys';
import { nodesBehind } from './model-nodes';

/**
 * The tensor that `name` stands for: a layer's output; `'block4'`, what the last layer of that block gives; or
 * `'features'`, the last map before it is pooled and classified.
 */
export function tap(subject: string, model: tfl.LayersModel, name: string): tfl.SymbolicTensor {
  const nodes = nodesBehind(model.outputs);
  const own = nodes.filter((node) => node.sourceLayer.name === name);
  if (own.length > 1) {
    throw new Error(
      `${subject}: layer \`${name}\` is applied ${own.length} times and has no one output; take a block`,
    );
  }
  if (own[0]) return own[0];
  const found = name === 'features' ? lastMap(nodes) : lastOfBlock(nodes, name);
  if (found) return found;
  const known = [...new Set(nodes.map((node) => node.sourceLayer.name)), ...blocksOf(nodes), 'features'];
  throw new Error(
    `${subject}: the model has no layer or block \`${name}\`; did you mean \`${nearest(name, known)}\`? ` +
      `It has the blocks ${blocksOf(nodes).join(', ') || '(none)'}, \`features\` and the layers of \`model.layers\``,
  );
}

function lastMap(nodes: readonly tfl.SymbolicTensor[]): tfl.SymbolicTensor | undefined {
  return nodes.findLast((node) => node.rank === 4 && node.inputs.length > 0);
}

/** Where the block's shortcut joins; a block without one ends with what is computed last of it. */
function lastOfBlock(nodes: readonly tfl.SymbolicTensor[], block: string): tfl.SymbolicTensor | undefined {
  if (!/^block\d+$/.test(block)) return undefined;
  const own = nodes.filter((node) => node.sourceLayer.name.startsWith(`${block}_`));
  return own.find((node) => node.sourceLayer.name === `${block}_add`) ?? own.at(-1);
}

function blocksOf(nodes: readonly tfl.SymbolicTensor[]): string[] {
  const blocks = nodes.map((node) => /^block\d+(?=_)/.exec(node.sourceLayer.name)?.[0]);
  return [...new Set(blocks.filter((block) => block !== undefined))].sort(
    (a, b) => Number(a.slice(5)) - Number(b.slice(5)),
  );
}
