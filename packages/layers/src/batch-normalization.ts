import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { batchNormTrain } from './batch-norm-train';
import { type BatchNormalizationArgs, resolveBatchNormalization, subject } from './batch-normalization-args';
import { received } from './checks';
import { layerArgs } from './keras-args';
import { onlyShape, onlyTensor } from './only';
import { PassCount } from './pass-count';
import { callNumber } from './recomputation';
import { relu } from './relu';
import type { CallArgs } from './types';
import { type WeightOptions, weightConfig, weightOptions } from './weight-options';

type Inputs = Parameters<tfl.layers.Layer['apply']>[0];

interface MovingStatistics {
  mean: tfl.LayerVariable;
  variance: tfl.LayerVariable;
}

/** The layer behind {@link batchNormalization}; registered for saved models as `XcpBatchNormalization`. */
export class BatchNormalization extends tfl.layers.Layer {
  static readonly className = 'XcpBatchNormalization';
  readonly momentum: number;
  readonly epsilon: number;
  readonly unbiasedVariance: boolean;
  readonly center: boolean;
  readonly scale: boolean;
  readonly activation: 'linear' | 'relu';
  readonly applications: number;
  private readonly passCount: PassCount;
  private readonly gammaOptions: WeightOptions;
  private readonly betaOptions: WeightOptions;
  private readonly movingMeanOptions: WeightOptions;
  private readonly movingVarianceOptions: WeightOptions;
  private gamma: tfl.LayerVariable | null = null;
  private beta: tfl.LayerVariable | null = null;
  /** One for each application. */
  private readonly statistics: MovingStatistics[] = [];

  constructor(args: BatchNormalizationArgs = {}) {
    super(args);
    const options = resolveBatchNormalization(args);
    this.momentum = options.momentum;
    this.epsilon = options.epsilon;
    this.unbiasedVariance = options.unbiasedVariance;
    this.center = options.center;
    this.scale = options.scale;
    this.activation = options.activation;
    this.applications = options.applications;
    this.passCount = new PassCount(options.applications);
    this.gammaOptions = weightOptions(subject, args, 'gamma', 'ones');
    this.betaOptions = weightOptions(subject, args, 'beta', 'zeros');
    this.movingMeanOptions = weightOptions(subject, args, 'movingMean', 'zeros');
    this.movingVarianceOptions = weightOptions(subject, args, 'movingVariance', 'ones');
    this.supportsMasking = true;
    this.inputSpec = [{ minNDim: 2, maxNDim: 4 }];
  }

  override build(inputShape: tfl.Shape | tfl.Shape[]): void {
    const channels = onlyShape(inputShape).at(-1);
    if (channels === null || channels === undefined) {
      throw new Error(
        `${subject}: the last axis of the input must have a known size, received ${received(inputShape)}`,
      );
    }
    const add = (name: string, options: WeightOptions, trainable: boolean) =>
      this.addWeight(
        name,
        [channels],
        'float32',
        options.initializer,
        options.regularizer!,
        trainable,
        options.constraint!,
      );
    if (this.scale) this.gamma = add('gamma', this.gammaOptions, true);
    if (this.center) this.beta = add('beta', this.betaOptions, true);
    for (let n = 0; n < this.applications; n++) {
      // The number comes first: TensorFlow.js puts one behind names that two models share.
      const prefix = n === 0 ? '' : `application_${n}_`;
      this.statistics.push({
        mean: add(`${prefix}moving_mean`, this.movingMeanOptions, false),
        variance: add(`${prefix}moving_variance`, this.movingVarianceOptions, false),
      });
    }
    this.inputSpec = [{ minNDim: 2, maxNDim: 4, axes: { [-1]: channels } }];
    this.built = true;
  }

  override apply(
    inputs: Inputs,
    kwargs?: tf.serialization.ConfigDict,
  ): ReturnType<tfl.layers.Layer['apply']> {
    const output = super.apply(inputs, kwargs);
    if (this.applications > 1 && this.inboundNodes.length > this.applications) {
      throw new Error(
        `${subject}: '${this.name}' can be applied as often as \`applications\` says, ${this.applications} ` +
          `times, received one more; set \`applications\` to what the network has`,
      );
    }
    return output;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], { training }: CallArgs): tf.Tensor {
    return tf.tidy(() => {
      const x = onlyTensor(inputs);
      const { mean, variance } = this.nextStatistics();
      const gamma = this.gamma?.read() ?? tf.onesLike(mean);
      const beta = this.beta?.read() ?? tf.zerosLike(mean);
      const { momentum, epsilon, unbiasedVariance } = this;
      const rectifies = this.activation === 'relu';
      if (training && !this.frozen) {
        const options = { momentum, epsilon, unbiasedVariance, relu: rectifies };
        return batchNormTrain(x, gamma, beta, mean, variance, options);
      }
      const y = tf.batchNorm(
        x as tf.Tensor4D,
        mean as tf.Tensor,
        variance as tf.Tensor1D,
        beta as tf.Tensor1D,
        gamma as tf.Tensor1D,
        epsilon,
      );
      return rectifies ? relu(y) : y;
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      axis: -1,
      momentum: this.momentum,
      epsilon: this.epsilon,
      unbiasedVariance: this.unbiasedVariance,
      center: this.center,
      scale: this.scale,
      activation: this.activation,
      applications: this.applications,
      ...weightConfig('gamma', this.gammaOptions),
      ...weightConfig('beta', this.betaOptions),
      ...weightConfig('movingMean', this.movingMeanOptions),
      ...weightConfig('movingVariance', this.movingVarianceOptions),
    };
  }

  /** Reads a saved config, with TensorFlow.js's keys or with Keras's. */
  static override fromConfig<T extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<T>,
    config: tf.serialization.ConfigDict,
  ): T {
    return new cls(layerArgs(config));
  }

  /** The moving mean and variance of the application that is being computed. */
  private nextStatistics(): { mean: tf.Variable; variance: tf.Variable } {
    const n = this.applications === 1 ? 0 : callNumber(() => this.passCount.next());
    const { mean, variance } = this.statistics[n]!;
    return { mean: mean.read() as tf.Variable, variance: variance.read() as tf.Variable };
  }

  /** `model.trainable = false` reaches the weights of a layer but not its own `trainable`. */
  private get frozen(): boolean {
    return !this.trainable || [this.gamma, this.beta].some((weight) => weight?.trainable === false);
  }
}
tf.serialization.registerClass(BatchNormalization);

/**
 * Batch normalization over the last axis, [..., channels] of rank 2 to 4.
 *
 * Weights, in order: `gamma` and `beta` [channels], trained; `moving_mean` and `moving_variance` [channels],
 * moved by every training step; with `applications`, a further pair `application_1_moving_mean` and
 * `application_1_moving_variance` for the second one, and so on. Unlike the built-in layer, `scale: false`
 * trains, training is one op with one gradient, and `trainable: false` means what it means in Keras: the layer
 * normalizes with its moving statistics even while the model trains, and nothing in it moves. (A layer with
 * neither gamma nor beta cannot see that its model is frozen; set its own `trainable`.)
 *
 * @example
 * batchNormalization({ momentum: 0.99, epsilon: 1e-3, name: 'block1_conv1_bn' });
 * @throws if `axis` is not −1, `momentum` is not from 0 to 1, `epsilon` is negative, `applications` is not a
 *   positive integer, a flag is neither true nor false, or a key is unknown; if it is applied more often than
 *   `applications` says.
 * @see keras/src/layers/normalization/batch_normalization.py; torch.nn.BatchNorm2d for `unbiasedVariance`
 */
export function batchNormalization(args?: BatchNormalizationArgs): BatchNormalization {
  return new BatchNormalization(args);
}
