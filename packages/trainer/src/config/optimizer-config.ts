import { boolean, choice, knownKeys, number, received } from './checks';

interface WeightDecay {
  /** Pulls kernels towards 0, as an L2 term in the gradient: g + weightDecay · w. Default 0, as in PyTorch. */
  weightDecay?: number;
  /** Kernels that decay leaves alone, by a part of their name, such as `'depthwise_kernel'`. Default none. */
  weightDecayExclude?: readonly string[];
}

/** Stochastic gradient descent with the semantics of `torch.optim.SGD`. */
export interface SgdConfig extends WeightDecay {
  name: 'sgd';
  /** How much of the velocity a step keeps, in [0, 1). Default 0.9: the Xception paper, ImageNet. */
  momentum?: number;
  /** Looks one step ahead along the velocity. Default false: the paper does not. */
  nesterov?: boolean;
}

/** Adam with the semantics of `torch.optim.Adam`: bias-corrected moments, epsilon outside the root. */
export interface AdamConfig extends WeightDecay {
  name: 'adam';
  /** Default 0.9: Kingma and Ba. */
  beta1?: number;
  /** Default 0.999: Kingma and Ba. */
  beta2?: number;
  /** Default 1e-8: Kingma and Ba. */
  epsilon?: number;
}

export type OptimizerConfig = SgdConfig | AdamConfig;
export type ResolvedOptimizer = Required<SgdConfig> | Required<AdamConfig>;

const decayKeys = ['name', 'weightDecay', 'weightDecayExclude'];

const resolvers = { sgd: resolveSgd, adam: resolveAdam };

/** Checks an optimizer's configuration and fills in the defaults. */
export function resolveOptimizer(given: OptimizerConfig): ResolvedOptimizer {
  if (typeof given !== 'object' || given === null) {
    throw new Error(`train: \`optimizer\` must be an object with a \`name\`, received ${received(given)}`);
  }
  const resolve = choice<(given: never) => ResolvedOptimizer>('optimizer', given.name, resolvers);
  return resolve(given as never);
}

function resolveSgd(given: SgdConfig): Required<SgdConfig> {
  knownKeys('optimizer', given, [...decayKeys, 'momentum', 'nesterov']);
  const momentum = number('optimizer', 'momentum', given.momentum ?? 0.9, { min: 0, below: 1 });
  const nesterov = boolean('optimizer', 'nesterov', given.nesterov ?? false);
  if (nesterov && momentum === 0) {
    throw new Error(
      'optimizer: `nesterov` needs a `momentum` above 0, received 0; set one, or nesterov to false',
    );
  }
  return { name: 'sgd', momentum, nesterov, ...resolveDecay(given) };
}

function resolveAdam(given: AdamConfig): Required<AdamConfig> {
  knownKeys('optimizer', given, [...decayKeys, 'beta1', 'beta2', 'epsilon']);
  return {
    name: 'adam',
    beta1: number('optimizer', 'beta1', given.beta1 ?? 0.9, { min: 0, below: 1 }),
    beta2: number('optimizer', 'beta2', given.beta2 ?? 0.999, { min: 0, below: 1 }),
    epsilon: number('optimizer', 'epsilon', given.epsilon ?? 1e-8, { above: 0 }),
    ...resolveDecay(given),
  };
}

function resolveDecay({ weightDecay = 0, weightDecayExclude = [] }: WeightDecay): Required<WeightDecay> {
  const names = weightDecayExclude;
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string' && name !== '')) {
    throw new Error(
      `optimizer: \`weightDecayExclude\` must be an array of names of weights, received ${received(names)}`,
    );
  }
  return {
    weightDecay: number('optimizer', 'weightDecay', weightDecay, { min: 0 }),
    weightDecayExclude: [...names],
  };
}
