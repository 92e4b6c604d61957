import * as tf from '@tensorflow/tfjs-core';
import { boolean, received, wholeSeed } from './checks';
import { rejectUnknownKeys } from './unknown-keys';
import { InitializerBase, varianceScaling } from './variance-scaling';

export interface IdentityKernelArgs {
  /** Draws what the identity leaves open; give every kernel its own (`deriveSeed`). */
  seed: number;
  /** Whether the kernel [h, w, channels, multiplier] is a depthwise one. Default false. */
  depthwise?: boolean;
}

/** The class behind {@link identityKernel}; registered for saved models as `XcpIdentityKernel`. */
export class IdentityKernel extends InitializerBase {
  static readonly className = 'XcpIdentityKernel';
  readonly seed: number;
  readonly depthwise: boolean;

  constructor(args: IdentityKernelArgs) {
    super();
    rejectUnknownKeys('identityKernel', args, ['seed', 'depthwise']);
    this.seed = wholeSeed('identityKernel', args.seed);
    this.depthwise = boolean('identityKernel', 'depthwise', args.depthwise ?? false);
  }

  override apply(shape: number[]): tf.Tensor {
    if (shape.length !== 4) {
      throw new Error(
        `identityKernel: the kernel must have the shape [h, w, channels, filters], received ${received(shape)}`,
      );
    }
    const [height, width, inputs, outputs] = shape as [number, number, number, number];
    // The place that padding 'same' lays on the pixel itself.
    const middle = Math.floor((height - 1) / 2) * width + Math.floor((width - 1) / 2);
    const values = this.depthwise ? new Float32Array(tf.util.sizeFromShape(shape)) : this.drawn(shape);
    for (let tap = 0; tap < height * width; tap++) {
      const isMiddle = Number(tap === middle);
      for (let i = 0; i < inputs; i++) {
        for (let o = 0; o < outputs; o++) {
          const at = (tap * inputs + i) * outputs + o;
          if (this.depthwise) values[at] = isMiddle;
          else if (o < inputs) values[at] = i === o ? isMiddle : 0;
        }
      }
    }
    return tf.tensor(values, shape, 'float32');
  }

  /** He's normal distribution by the inputs of an output, for outputs that hand nothing on. */
  private drawn(shape: number[]): Float32Array {
    const random = varianceScaling({ seed: this.seed, scale: 2 }).apply(shape);
    try {
      return new Float32Array(random.dataSync());
    } finally {
      random.dispose();
    }
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { seed: this.seed, depthwise: this.depthwise };
  }
}
tf.serialization.registerClass(IdentityKernel);

/**
 * An initializer with which a convolution of stride 1 and padding `'same'` hands its input on.
 *
 * Of a depthwise kernel the tap in the middle is 1 and the others are 0. Of a kernel [h, w, channels, filters] output
 * i reads the middle of input i alone; outputs beyond the number of channels are drawn as He initialization does, by
 * their inputs: zeros would give batch normalization nothing to divide.
 *
 * @example
 * separableConv2d({
 *   filters: 64,
 *   kernelSize: 3,
 *   depthwiseInitializer: identityKernel({ seed: 1, depthwise: true }),
 *   pointwiseInitializer: identityKernel({ seed: 2 }),
 * });
 * @throws if `seed` is not a whole number, a key is unknown, or a kernel has not four axes.
 * @see torch.nn.init.dirac_
 */
export function identityKernel(args: IdentityKernelArgs): IdentityKernel {
  return new IdentityKernel(args);
}
