import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { checkpoint } from './checkpoint';
import { received } from './checks';
import { rejectUnknownKeys } from './unknown-keys';

export interface CheckpointArgs {
  /** Where the block begins: what `tfl.input` gives. */
  inputs: tfl.SymbolicTensor | tfl.SymbolicTensor[];
  /** Where it ends. */
  outputs: tfl.SymbolicTensor;
  name?: string;
}

/** The layer behind {@link checkpointBlock}; registered for saved models as `XcpCheckpoint`. */
export class Checkpoint extends tfl.LayersModel {
  static override readonly className = 'XcpCheckpoint';

  constructor(args: CheckpointArgs) {
    rejectUnknownKeys('checkpointBlock', args, ['inputs', 'outputs', 'name']);
    // A loaded one has its only output in a list.
    if ([args.outputs].flat().length !== 1) {
      throw new Error(
        `checkpointBlock: \`outputs\` must be one tensor, received ${received([args.outputs].flat().map(({ shape }) => shape))}; ` +
          'make a block of each',
      );
    }
    super(args as ConstructorParameters<typeof tfl.LayersModel>[0]);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Parameters<tfl.LayersModel['call']>[1]): tf.Tensor {
    const run = (...xs: tf.Tensor[]) => [super.call(xs, kwargs)].flat()[0]!;
    const variables = this.trainableWeights.map((weight) => weight.read() as tf.Variable);
    return tf.tidy(() => checkpoint(run, [inputs].flat(), variables));
  }
}
tf.serialization.registerClass(Checkpoint);

/**
 * A block of layers whose activations are not kept for the backward pass but computed again: {@link checkpoint} as a
 * layer.
 *
 * It is a model within a model: its weights are those of its layers under their own names, it can be applied several
 * times, and is saved and loaded. Its layers belong to it alone. Gradients are the same to the bit, `dropout` and
 * `dropPath` drop the same, moving statistics move once; layers of TensorFlow.js that draw random numbers draw others
 * the second time, and must not be in it.
 *
 * @example
 * const input = tfl.input({ shape: [32, 32, 16] });
 * const block = checkpointBlock({ inputs: input, outputs: reLU().apply(conv.apply(input)), name: 'block2' });
 * const y = block.apply(x);
 * @throws if there is not one output, or a key is unknown.
 * @see {@link checkpoint}
 */
export function checkpointBlock(args: CheckpointArgs): Checkpoint {
  return new Checkpoint(args);
}
