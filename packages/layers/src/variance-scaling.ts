import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { received, wholeSeed } from './checks';
import { deriveSeed, randomTruncatedNormal, randomUniform } from './random';
import type { Initializer } from './types';

export type FanMode = 'fanIn' | 'fanOut' | 'fanAvg';
export type Distribution = 'uniform' | 'truncatedNormal';

export interface VarianceScalingArgs {
  /** The numbers are a pure function of this whole number; give every kernel its own (`deriveSeed`). */
  seed: number;
  /** The variance is `scale` / fan. Default 1; He initialization has 2. */
  scale?: number;
  /** Which fan divides the variance. Default `'fanIn'`. */
  mode?: FanMode;
  /** Default `'truncatedNormal'`: cut at two standard deviations, the variance corrected for the cut. */
  distribution?: Distribution;
}

// TensorFlow.js does not export the class, and its layers accept no initializer that does not extend it.
export const InitializerBase = Object.getPrototypeOf(
  tfl.initializers.zeros().constructor,
) as (abstract new () => Initializer) & Pick<typeof tf.serialization.Serializable, 'fromConfig'>;

// The standard deviation of a standard normal distribution cut at ±2.
const TRUNCATED_STDDEV = 0.87962566103423978;

/** The layer behind {@link varianceScaling}; registered for saved models as `XcpVarianceScaling`. */
export class VarianceScaling extends InitializerBase {
  static readonly className = 'XcpVarianceScaling';
  readonly seed: number;
  readonly scale: number;
  readonly mode: FanMode;
  readonly distribution: Distribution;

  constructor(args: VarianceScalingArgs) {
    super();
    this.seed = wholeSeed('varianceScaling', args.seed);
    this.scale = args.scale ?? 1;
    this.mode = args.mode ?? 'fanIn';
    this.distribution = args.distribution ?? 'truncatedNormal';
    if (!(this.scale > 0)) {
      throw new Error(`varianceScaling: \`scale\` must be positive, received ${received(this.scale)}`);
    }
    oneOf('mode', this.mode, ['fanIn', 'fanOut', 'fanAvg']);
    oneOf('distribution', this.distribution, ['uniform', 'truncatedNormal']);
  }

  override apply(shape: number[]): tf.Tensor {
    const variance = this.scale / Math.max(1, fan(shape, this.mode));
    const stream = deriveSeed(this.seed, this.distribution);
    const values = new Float32Array(tf.util.sizeFromShape(shape));
    if (this.distribution === 'uniform') {
      const limit = Math.sqrt(3 * variance);
      for (let i = 0; i < values.length; i++) values[i] = limit * (2 * randomUniform(stream, i) - 1);
    } else {
      const stddev = Math.sqrt(variance) / TRUNCATED_STDDEV;
      for (let i = 0; i < values.length; i++) values[i] = stddev * randomTruncatedNormal(stream, i);
    }
    return tf.tensor(values, shape, 'float32');
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { scale: this.scale, mode: this.mode, distribution: this.distribution, seed: this.seed };
  }
}
tf.serialization.registerClass(VarianceScaling);

/**
 * An initializer whose variance follows the size of the kernel, seeded so that it can be repeated.
 *
 * The built-in one is not repeatable with seed 0 and takes seconds for a full Xception. Here the number at
 * each index is a hash of (seed, index); the uniform ones are the same to the bit on every machine, the
 * normal ones as far as the JavaScript engines' `log` and `cos` agree. Fans are counted as Keras does, so a
 * depthwise kernel [h, w, c, m] has fan-in h·w·c and fan-out h·w·m.
 *
 * @example
 * tfl.layers.conv2d({ filters: 8, kernelSize: 3, kernelInitializer: varianceScaling({ seed: 1, scale: 2 }) });
 * @throws if `seed` is not a whole number, `scale` is not positive, or a name is unknown.
 * @see keras/src/initializers/random_initializers.py
 */
export function varianceScaling(args: VarianceScalingArgs): VarianceScaling {
  return new VarianceScaling(args);
}

function fan(shape: number[], mode: FanMode): number {
  // A vector (a bias) counts as both its own input and its own output.
  const [inputs, outputs] = shape.length > 1 ? shape.slice(-2) : [shape[0] ?? 1, shape[0] ?? 1];
  const receptiveField = tf.util.sizeFromShape(shape.slice(0, -2));
  const fanIn = inputs! * receptiveField;
  const fanOut = outputs! * receptiveField;
  return { fanIn, fanOut, fanAvg: (fanIn + fanOut) / 2 }[mode];
}

function oneOf(argument: string, value: string, allowed: string[]): void {
  if (!allowed.includes(value)) {
    throw new Error(
      `varianceScaling: \`${argument}\` must be one of ${allowed.join(', ')}, received ${received(value)}`,
    );
  }
}
