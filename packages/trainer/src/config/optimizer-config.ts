import { boolean, choice, knownKeys, number, received } from './checks';
import { type ParameterGroup, type ResolvedGroup, resolveGroups, resolveNames } from './parameter-groups';

interface WeightDecay {
  /** Pulls kernels towards 0, as an L2 term in the gradient: g + weightDecay · w. Default 0, as in PyTorch. */
  weightDecay?: number;
  /** Kernels that decay leaves alone, by a part of their name, such as `'depthwise_kernel'`. Default none. */
  weightDecayExclude?: readonly string[];
  /** Weights with a learning rate or weight decay of their own; the first group that matches holds. Default none. */
  groups?: readonly ParameterGroup[];
}

/** Stochastic gradient descent with the semantics of `torch.optim.SGD`. */
export interface SgdConfig extends WeightDecay {
  name: 'sgd';
  /** How much of the velocity a step keeps, in [0, 1). Default 0.9: the Xception paper, ImageNet. */
  momentum?: number;
  /** Looks one step ahead along the velocity. Default false: the paper does not. */
  nesterov?: boolean;
  /**
   * Decays by w · (1 − learningRate · weightDecay) before the update, rather than in the gradient, so that the decay
   * does not gather in the velocity: SGDW. Default false, as in PyTorch.
   */
  decoupledWeightDecay?: boolean;
}

interface AdamNumbers extends WeightDecay {
  /** Default 0.9: Kingma and Ba. */
  beta1?: number;
  /** Default 0.999: Kingma and Ba. */
  beta2?: number;
  /** Default 1e-8: Kingma and Ba. */
  epsilon?: number;
}

/** Adam with the semantics of `torch.optim.Adam`: bias-corrected moments, epsilon outside the root. */
export interface AdamConfig extends AdamNumbers {
  name: 'adam';
}

/**
 * Adam whose weight decay is decoupled, with the semantics of `torch.optim.AdamW`: w · (1 − learningRate ·
 * weightDecay) before the update. `weightDecay` is 0.01 by default, as there.
 */
export interface AdamWConfig extends AdamNumbers {
  name: 'adamw';
}

/** RMSprop with the semantics of `torch.optim.RMSprop`, or nearly those of TensorFlow. */
export interface RmspropConfig extends WeightDecay {
  name: 'rmsprop';
  /** How much of the mean square a step keeps, in [0, 1); PyTorch's `alpha`. Default 0.9: Hinton, and Keras. */
  rho?: number;
  /** How much of the velocity a step keeps, in [0, 1). Default 0.9: the Xception paper, JFT. */
  momentum?: number;
  /** Default 1e-8, as in PyTorch. */
  epsilon?: number;
  /**
   * Divides by √(mean square + epsilon), as TensorFlow and Keras do, rather than by √(mean square) + epsilon. The
   * learning rate stays outside the velocity, as in PyTorch, which makes a difference when it changes. Default false.
   */
  epsilonInRoot?: boolean;
}

/**
 * Muon with the semantics of `torch.optim.Muon`, for the kernels of convolutions but depthwise ones; SGD, with the same
 * momentum, for everything else. Weight decay is decoupled for all.
 */
export interface MuonConfig extends WeightDecay {
  name: 'muon';
  /** How much of the velocity a step keeps, in [0, 1). Default 0.95, as in PyTorch. */
  momentum?: number;
  /** Looks one step ahead along the velocity. Default true, as in PyTorch. */
  nesterov?: boolean;
  /** Iterations that make a step orthogonal, 1 to 20: 3 do for small networks. Default 5, as in PyTorch. */
  newtonSchulzSteps?: number;
  /** The learning rate of what SGD trains, relative to Muon's. Default 10: Muon's rates are that much lower. */
  sgdLearningRateScale?: number;
}

export type OptimizerConfig = SgdConfig | AdamConfig | AdamWConfig | RmspropConfig | MuonConfig;

type Resolved<Config> = Required<Config> & { groups: ResolvedGroup[] };
export type ResolvedOptimizer =
  | Resolved<SgdConfig>
  | Resolved<AdamConfig>
  | Resolved<AdamWConfig>
  | Resolved<RmspropConfig>
  | Resolved<MuonConfig>;

const decayKeys = ['name', 'weightDecay', 'weightDecayExclude', 'groups'];

const resolvers = {
  sgd: resolveSgd,
  adam: resolveAdam,
  adamw: resolveAdam,
  rmsprop: resolveRmsprop,
  muon: resolveMuon,
};

/** Checks an optimizer's configuration and fills in the defaults. */
export function resolveOptimizer(given: OptimizerConfig): ResolvedOptimizer {
  if (typeof given !== 'object' || given === null) {
    throw new Error(`train: \`optimizer\` must be an object with a \`name\`, received ${received(given)}`);
  }
  const resolve = choice<(given: never) => ResolvedOptimizer>('optimizer', given.name, resolvers);
  return resolve(given as never);
}

/** Whether the optimizer decays any weight at all. */
export function hasWeightDecay({ weightDecay, groups }: ResolvedOptimizer): boolean {
  return weightDecay > 0 || groups.some((group) => (group.weightDecay ?? 0) > 0);
}

const share = (key: string, value: number) => number('optimizer', key, value, { min: 0, below: 1 });

function resolveSgd(given: SgdConfig): Resolved<SgdConfig> {
  knownKeys('optimizer', given, [...decayKeys, 'momentum', 'nesterov', 'decoupledWeightDecay']);
  const { momentum, nesterov } = resolveMomentum(given, { momentum: 0.9, nesterov: false });
  const decoupled = given.decoupledWeightDecay ?? false;
  const decoupledWeightDecay = boolean('optimizer', 'decoupledWeightDecay', decoupled);
  return { name: 'sgd', momentum, nesterov, decoupledWeightDecay, ...resolveDecay(given, 0) };
}

function resolveAdam(given: AdamConfig | AdamWConfig): Resolved<AdamConfig> | Resolved<AdamWConfig> {
  knownKeys('optimizer', given, [...decayKeys, 'beta1', 'beta2', 'epsilon']);
  return {
    name: given.name,
    beta1: share('beta1', given.beta1 ?? 0.9),
    beta2: share('beta2', given.beta2 ?? 0.999),
    epsilon: number('optimizer', 'epsilon', given.epsilon ?? 1e-8, { above: 0 }),
    ...resolveDecay(given, given.name === 'adamw' ? 0.01 : 0),
  };
}

function resolveRmsprop(given: RmspropConfig): Resolved<RmspropConfig> {
  knownKeys('optimizer', given, [...decayKeys, 'rho', 'momentum', 'epsilon', 'epsilonInRoot']);
  return {
    name: 'rmsprop',
    rho: share('rho', given.rho ?? 0.9),
    momentum: share('momentum', given.momentum ?? 0.9),
    epsilon: number('optimizer', 'epsilon', given.epsilon ?? 1e-8, { above: 0 }),
    epsilonInRoot: boolean('optimizer', 'epsilonInRoot', given.epsilonInRoot ?? false),
    ...resolveDecay(given, 0),
  };
}

function resolveMuon(given: MuonConfig): Resolved<MuonConfig> {
  const own = ['momentum', 'nesterov', 'newtonSchulzSteps', 'sgdLearningRateScale'];
  knownKeys('optimizer', given, [...decayKeys, ...own]);
  const { newtonSchulzSteps = 5, sgdLearningRateScale = 10 } = given;
  return {
    name: 'muon',
    ...resolveMomentum(given, { momentum: 0.95, nesterov: true }),
    newtonSchulzSteps: number('optimizer', 'newtonSchulzSteps', newtonSchulzSteps, {
      integer: true,
      min: 1,
      max: 20,
    }),
    sgdLearningRateScale: number('optimizer', 'sgdLearningRateScale', sgdLearningRateScale, { above: 0 }),
    ...resolveDecay(given, 0),
  };
}

function resolveMomentum(
  given: SgdConfig | MuonConfig,
  defaults: { momentum: number; nesterov: boolean },
): { momentum: number; nesterov: boolean } {
  const momentum = share('momentum', given.momentum ?? defaults.momentum);
  const nesterov = boolean('optimizer', 'nesterov', given.nesterov ?? defaults.nesterov);
  if (nesterov && momentum === 0) {
    throw new Error(
      'optimizer: `nesterov` needs a `momentum` above 0, received 0; set one, or nesterov to false',
    );
  }
  return { momentum, nesterov };
}

function resolveDecay({ weightDecay, weightDecayExclude = [], groups = [] }: WeightDecay, fallback: number) {
  return {
    weightDecay: number('optimizer', 'weightDecay', weightDecay ?? fallback, { min: 0 }),
    weightDecayExclude: resolveNames('optimizer', 'weightDecayExclude', weightDecayExclude),
    groups: resolveGroups(groups),
  };
}
