import { flag, oneOf, positiveInteger, received } from './checks';
import type { ConstraintLike, InitializerLike, LayerArgs, RegularizerLike } from './types';
import { layerKeys, rejectUnknownKeys, weightKeys } from './unknown-keys';

export interface BatchNormalizationArgs extends LayerArgs {
  /** Only the last axis, −1, can be normalized. */
  axis?: -1;
  /** How much of the moving statistics a training step keeps, from 0 to 1. Default 0.99. */
  momentum?: number;
  /** Added to the variance before its root is taken, at least 0. Default 1e-3. */
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
  /** `'relu'` rectifies in the same op. Default `'linear'`: nothing. */
  activation?: 'linear' | 'relu';
  /**
   * Above 1 where the layer is shared: it is applied that often in every pass through the network, and the n-th
   * application has the n-th moving statistics, while all have one gamma and beta. Default 1: one for all.
   */
  applications?: number;
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

/** The keys of {@link BatchNormalizationArgs}, but for those of every layer. */
export const batchNormalizationKeys = [
  ...['axis', 'momentum', 'epsilon', 'unbiasedVariance', 'center', 'scale', 'activation', 'applications'],
  ...weightKeys('gamma', 'beta', 'movingMean', 'movingVariance'),
];

export const subject = 'batchNormalization';

/** Fills the defaults of the plain arguments in. */
export function resolveBatchNormalization(args: BatchNormalizationArgs) {
  rejectUnknownKeys(subject, args, [...batchNormalizationKeys, ...layerKeys]);
  const { axis = -1, momentum = 0.99, epsilon = 1e-3 } = args;
  if (axis !== -1) {
    throw new Error(
      `${subject}: \`axis\` must be -1, the last one, received ${received(axis)}; ` +
        'transpose the input so that its channels come last',
    );
  }
  if (!(momentum >= 0 && momentum <= 1)) {
    throw new Error(`${subject}: \`momentum\` must be from 0 to 1, received ${received(momentum)}`);
  }
  if (!(epsilon >= 0 && epsilon < Infinity)) {
    throw new Error(`${subject}: \`epsilon\` must be at least 0, received ${received(epsilon)}`);
  }
  const unbiasedVariance = flag(subject, 'unbiasedVariance', args.unbiasedVariance ?? false);
  const center = flag(subject, 'center', args.center ?? true);
  const scale = flag(subject, 'scale', args.scale ?? true);
  const activation = oneOf(subject, 'activation', args.activation ?? 'linear', ['linear', 'relu']);
  const applications = positiveInteger(subject, 'applications', args.applications ?? 1);
  return { momentum, epsilon, unbiasedVariance, center, scale, activation, applications };
}
