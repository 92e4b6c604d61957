import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { batchNormTrain } from './batch-norm-train';
import { flag, fraction, received } from './checks';
import { onlyShape, onlyTensor } from './only';
import type { CallArgs, ConstraintLike, InitializerLike, LayerArgs, RegularizerLike } from './types';
import { type WeightOptions, weightConfig, weightOptions } from './weight-options';

export interface BatchNormalizationArgs extends LayerArgs {
  /** Only the last axis, −1, can be normalized. */
  axis?: -1;
  /** How much of the moving statistics a training step keeps. Default 0.99. */
  momentum?: number;
  /** Added to the variance before its root is taken. Default 1e-3. */
  epsilon?: number;
  /**
   * Whether the moving variance takes the unbiased variance of the batch, n / (n − 1) times the biased one,
   * which normalizes in either case. Default false, as in Keras; PyTorch does it.
   */
  unbiasedVariance?: boolean;
  /** Whether there is a beta. Default true. */
  center?: boolean;
  /** Whether there is a gamma. Default true. */
  scale?: boolean;
  /** Default `'zeros'`. */
  betaInitializer?: InitializerLike;
  /** Default `'ones'`. */
  gammaInitializer?: InitializerLike;
  /** Default `'zeros'`. */
  movingMeanInitializer?: InitializerLike;
  /** Default `'ones'`. */
  movingVarianceInitializer?: InitializerLike;
  betaRegularizer?: RegularizerLike;
  gammaRegularizer?: RegularizerLike;
  betaConstraint?: ConstraintLike;
  gammaConstraint?: ConstraintLike;
}

/** The layer behind {@link batchNormalization}; registered for saved models as `XcpBatchNormalization`. */
export class BatchNormalization extends tfl.layers.Layer {
  static readonly className = 'XcpBatchNormalization';
  readonly momentum: number;
  readonly epsilon: number;
  readonly unbiasedVariance: boolean;
  readonly center: boolean;
  readonly scale: boolean;
  private readonly gammaOptions: WeightOptions;
  private readonly betaOptions: WeightOptions;
  private readonly movingMeanOptions: WeightOptions;
  private readonly movingVarianceOptions: WeightOptions;
  private gamma: tfl.LayerVariable | null = null;
  private beta: tfl.LayerVariable | null = null;
  private movingMean!: tfl.LayerVariable;
  private movingVariance!: tfl.LayerVariable;

  constructor(args: BatchNormalizationArgs = {}) {
    super(args);
    this.momentum = fraction('batchNormalization', 'momentum', args.momentum ?? 0.99);
    this.epsilon = args.epsilon ?? 1e-3;
    this.unbiasedVariance = flag('batchNormalization', 'unbiasedVariance', args.unbiasedVariance ?? false);
    this.center = args.center ?? true;
    this.scale = args.scale ?? true;
    this.gammaOptions = weightOptions('batchNormalization', args, 'gamma', 'ones');
    this.betaOptions = weightOptions('batchNormalization', args, 'beta', 'zeros');
    this.movingMeanOptions = weightOptions('batchNormalization', args, 'movingMean', 'zeros');
    this.movingVarianceOptions = weightOptions('batchNormalization', args, 'movingVariance', 'ones');
    if (!(this.epsilon > 0)) {
      throw new Error(`batchNormalization: \`epsilon\` must be positive, received ${received(this.epsilon)}`);
    }
    if ((args.axis ?? -1) !== -1) {
      throw new Error(
        `batchNormalization: \`axis\` must be -1, the last one, received ${received(args.axis)}; ` +
          'transpose the input so that its channels come last',
      );
    }
    this.supportsMasking = true;
    this.inputSpec = [{ minNDim: 2, maxNDim: 4 }];
  }

  override build(inputShape: tfl.Shape | tfl.Shape[]): void {
    const channels = onlyShape(inputShape).at(-1);
    if (channels === null || channels === undefined) {
      throw new Error(
        `batchNormalization: the last axis of the input must have a known size, received ${received(inputShape)}`,
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
    this.movingMean = add('moving_mean', this.movingMeanOptions, false);
    this.movingVariance = add('moving_variance', this.movingVarianceOptions, false);
    this.inputSpec = [{ minNDim: 2, maxNDim: 4, axes: { [-1]: channels } }];
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], { training }: CallArgs): tf.Tensor {
    return tf.tidy(() => {
      const x = onlyTensor(inputs);
      const mean = this.movingMean.read() as tf.Variable;
      const variance = this.movingVariance.read() as tf.Variable;
      const gamma = this.gamma?.read() ?? tf.onesLike(mean);
      const beta = this.beta?.read() ?? tf.zerosLike(mean);
      if (training && !this.frozen) {
        return batchNormTrain(x, gamma, beta, mean, variance, {
          momentum: this.momentum,
          epsilon: this.epsilon,
          unbiasedVariance: this.unbiasedVariance,
        });
      }
      return tf.batchNorm(
        x as tf.Tensor4D,
        mean as tf.Tensor,
        variance as tf.Tensor1D,
        beta as tf.Tensor1D,
        gamma as tf.Tensor1D,
        this.epsilon,
      );
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
      ...weightConfig('gamma', this.gammaOptions),
      ...weightConfig('beta', this.betaOptions),
      ...weightConfig('movingMean', this.movingMeanOptions),
      ...weightConfig('movingVariance', this.movingVarianceOptions),
    };
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
 * moved by every training step. Unlike the built-in layer, `scale: false` trains, training is one op with
 * one gradient, and `trainable: false` means what it means in Keras: the layer normalizes with its moving
 * statistics even while the model trains, and nothing in it moves.
 *
 * @example
 * batchNormalization({ momentum: 0.99, epsilon: 1e-3, name: 'block1_conv1_bn' });
 * @throws if `axis` is not −1, `momentum` is not in [0, 1), `epsilon` is not positive, or `unbiasedVariance` is
 *   neither true nor false.
 * @see keras/src/layers/normalization/batch_normalization.py; torch.nn.BatchNorm2d for `unbiasedVariance`
 */
export function batchNormalization(args?: BatchNormalizationArgs): BatchNormalization {
  return new BatchNormalization(args);
}
