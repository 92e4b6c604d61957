import type * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { type Activation, activate, activation } from './activation';
import { BatchNormalization } from './batch-normalization';
import { type BatchNormalizationArgs, batchNormalizationKeys } from './batch-normalization-args';
import { received } from './checks';
import type { ActivationName, Constraint, Initializer, LayerArgs, Regularizer } from './types';
import { rejectUnknownKeys } from './unknown-keys';

/** What stands between the two convolutions of a separable one: batch normalization, an activation, or both. */
export interface BetweenArgs {
  /** `true`, or the arguments of `batchNormalization`. Default none. */
  batchNormalization?: boolean | Omit<BatchNormalizationArgs, keyof LayerArgs> | null;
  /** Applied behind the batch normalization. Default none. */
  activation?: ActivationName | null;
}

/** `Layer.addWeight`, which is protected. */
export type AddWeight = (
  name: string,
  shape: tfl.Shape,
  dtype?: tf.DataType,
  initializer?: Initializer,
  regularizer?: Regularizer,
  trainable?: boolean,
  constraint?: Constraint,
) => tfl.LayerVariable;

/** A batch normalization whose weights belong to the layer that it stands in. */
class InnerBatchNormalization extends BatchNormalization {
  private addToOuter!: AddWeight;

  buildInto(addToOuter: AddWeight, channels: number): void {
    this.addToOuter = addToOuter;
    this.build([null, channels]);
  }

  protected override addWeight(...[name, ...options]: Parameters<AddWeight>): tfl.LayerVariable {
    return this.addToOuter(`between_${name}`, ...options);
  }
}

/** The stage that a separable convolution's `between` describes. */
export class Between {
  private readonly normalization: InnerBatchNormalization | null;
  private readonly activation: Activation;

  constructor(subject: string, args: BetweenArgs) {
    const inner = `${subject}: \`between\``;
    if (typeof args !== 'object' || args === null) {
      throw new Error(`${inner} must be { batchNormalization, activation }, received ${received(args)}`);
    }
    rejectUnknownKeys(inner, args, ['batchNormalization', 'activation']);
    this.activation = activation(subject, 'between.activation', args.activation);
    const normalization = args.batchNormalization === true ? {} : args.batchNormalization || null;
    if (normalization && typeof normalization !== 'object') {
      throw new Error(
        `${inner}: \`batchNormalization\` must be true or the arguments of batchNormalization, ` +
          `received ${received(normalization)}`,
      );
    }
    if (normalization) {
      rejectUnknownKeys(`${inner}: \`batchNormalization\``, normalization, batchNormalizationKeys);
    }
    if (!normalization && this.activation.getClassName() === 'linear') {
      throw new Error(
        `${inner} must have \`batchNormalization\` or an \`activation\`, received ${received(args)}; ` +
          'leave it out for nothing between the convolutions',
      );
    }
    this.normalization = normalization && new InnerBatchNormalization({ ...normalization, name: 'between' });
  }

  build(addWeight: AddWeight, channels: number): void {
    this.normalization?.buildInto(addWeight, channels);
  }

  /** `trainable` is that of the layer around: where it is false the moving statistics normalize and stay. */
  apply(x: tf.Tensor4D, training: boolean, trainable: boolean): tf.Tensor4D {
    if (!this.normalization) return activate(this.activation, x) as tf.Tensor4D;
    this.normalization.trainable = trainable;
    return activate(this.activation, this.normalization.call(x, { training })) as tf.Tensor4D;
  }

  getConfig(): tf.serialization.ConfigDict {
    return { batchNormalization: this.normalizationConfig(), activation: this.activation.getClassName() };
  }

  private normalizationConfig(): tf.serialization.ConfigDict | null {
    if (!this.normalization) return null;
    const config = Object.entries(this.normalization.getConfig());
    return Object.fromEntries(config.filter(([key]) => batchNormalizationKeys.includes(key)));
  }
}
