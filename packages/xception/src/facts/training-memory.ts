import { type Node, nodesOf } from '../graph';
import { sizeOf } from './layer-macs';
import { layerWeights } from './layer-weights';
import { type Data, Live } from './live';

/** How much is in memory at one time of a training step, beside the parameters. */
export interface Moment {
  /** Numbers for each example of the batch. */
  perExample: number;
  /** Numbers in the gradients of the weights so far, whatever the batch. */
  gradients: number;
}

/** What a layer's op keeps of the forward pass for its gradient. */
interface Saved {
  pieces: Data[];
  /** Whether the gradient frees it; else TensorFlow.js frees it when the whole backward pass is over. */
  early: boolean;
}

/**
 * The memory in the course of a training step: at the end of the forward pass, and behind each layer's gradient.
 *
 * It follows what TensorFlow.js does: a model in training keeps the outputs of all its layers until the forward pass
 * is over, a backward pass keeps every gradient until its end, and an op keeps what its gradient reads.
 */
export function trainingMoments(output: Node): Moment[] {
  const nodes = nodesOf(output);
  const live = new Live();
  const outputs = new Map<Node, Data>(nodes.map((node) => [node, { size: sizeOf(node.shape) }]));
  const saved = new Map<Node, Saved>();
  // A traced function works on a copy of the images, and the next batch may be there already.
  live.hold({ size: 2 * sizeOf(nodes[0]!.shape) });
  for (const node of nodes) {
    const kept = savedBy(node, outputs);
    saved.set(node, kept);
    live.hold(outputs.get(node)!, ...kept.pieces);
  }
  const moments: Moment[] = [{ perExample: live.size, gradients: 0 }];
  live.release(...outputs.values());

  const gradients = new Map<Node, Data>([[output, { size: 0 }]]);
  let ofWeights = 0;
  const trains = trainedFrom(nodes);
  for (const node of nodes.toReversed()) {
    // What is kept of layers before the first one that trains is freed at the end.
    if (!trains.has(node)) continue;
    for (const from of node.inputs) {
      // Nobody asks for the gradient of the images, or of what fixed kernels make of them.
      if (!trains.has(from)) continue;
      // The gradient of a sum is the gradient of each of its terms.
      const dx = node.layer.type === 'Add' ? gradients.get(node)! : { size: sizeOf(from.shape) };
      live.hold(dx);
      const other = gradients.get(from);
      gradients.set(from, other ? accumulate(live, other) : dx);
    }
    moments.push(...recomputation(node, { perExample: live.size, gradients: ofWeights }));
    ofWeights += trainableSize(node);
    moments.push({ perExample: live.size, gradients: ofWeights });
    const { pieces, early } = saved.get(node)!;
    if (early) live.release(...pieces);
  }
  return moments;
}

/** The nodes whose value depends on a weight that trains. */
function trainedFrom(nodes: readonly Node[]): ReadonlySet<Node> {
  const trained = new Set<Node>();
  for (const node of nodes) {
    if (node.inputs.some((input) => trained.has(input)) || trainableSize(node) > 0) trained.add(node);
  }
  return trained;
}

/** The moments of a step of its own that the gradient of a block takes whose activations are not kept. */
function recomputation({ layer }: Node, around: Moment): Moment[] {
  if (layer.type !== 'Checkpoint') return [];
  const { input, output } = layer.body;
  // Unlike images, the block's input is there once, and is counted where it was kept.
  const counted = 3 * sizeOf(input.shape);
  return trainingMoments(output).map(({ perExample, gradients }) => ({
    perExample: around.perExample + perExample - counted,
    gradients: around.gradients + gradients,
  }));
}

/** A second gradient of the same tensor is added into a third one; only the first of the three is freed. */
function accumulate(live: Live, first: Data): Data {
  const sum = { size: first.size };
  live.hold(sum);
  live.release(first);
  return sum;
}

function savedBy(node: Node, outputs: ReadonlyMap<Node, Data>): Saved {
  const y = outputs.get(node)!;
  const inputs = node.inputs.map((input) => outputs.get(input)!);
  switch (node.layer.type) {
    case 'SeparableConv2D':
      // Beside its input the map between its two convolutions.
      return { pieces: [...inputs, { size: inputs[0]!.size }], early: true };
    case 'BatchNormalization':
      return { pieces: inputs, early: true };
    case 'ReLU':
      return { pieces: [y], early: true };
    case 'MaxPooling2D':
      return { pieces: [...inputs, y], early: false };
    case 'Dropout':
      // A mask, which has one number for all of an example in the next case.
      return { pieces: [{ size: y.size }], early: true };
    case 'DropPath':
      return { pieces: [{ size: 1 }], early: true };
    case 'Checkpoint':
      return { pieces: inputs, early: true };
    default:
      return { pieces: inputs, early: false };
  }
}

/** Of shared weights every application has a gradient of its own, kept until the end beside their sum. */
function trainableSize({ layer, inputs }: Node): number {
  if (inputs.length === 0) return 0;
  if (layer.type === 'Checkpoint') {
    const nodes = nodesOf(layer.body.output).filter((node) => node.inputs.length > 0);
    return nodes.reduce((sum, node) => sum + trainableSize(node), 0);
  }
  return layerWeights(layer, inputs[0]!.shape).reduce(
    (sum, { shape, trainable }) => sum + (trainable ? sizeOf(shape) : 0),
    0,
  );
}
