import type { TensorInfo } from '@tensorflow/tfjs-core';
import { detach } from '../detach';
import { forEachElement, groupsFor, runShader, type Shader } from '../run-shader';
import { kernel, sizeOf } from './kernel';

interface UpdateAttrs {
  /** One per parameter. */
  learningRate: number[];
  /** One per parameter. */
  weightDecay: number[];
  /** Whether a weight is multiplied by 1 − learningRate · weightDecay, rather than decay being in the gradient. */
  decoupled: boolean;
}

const numbers = <Name extends string>(...names: Name[]) =>
  Object.fromEntries(names.map((name) => [name, 'f32'])) as Record<Name, 'f32'>;

/** The program of an update: `w` and the slots are moved by `g`. */
function updateShader<Uniform extends string>(
  name: string,
  slots: readonly string[],
  uniforms: Record<Uniform, 'f32'>,
  body: string,
): Shader<string, Uniform | 'size' | 'rate' | 'shrink' | 'decay'> {
  const written = Object.fromEntries([['w', 'read_write'], ...slots.map((slot) => [slot, 'read_write'])]);
  return {
    name,
    buffers: { g: 'read', ...written },
    uniforms: { ...uniforms, size: 'u32', ...numbers('rate', 'shrink', 'decay') },
    code: forEachElement(`
      let weight = w[i] * u.shrink;
      let gradient = g[i] + u.decay * weight;
      ${body}`),
  };
}

/** An update of every parameter, in place; `numbersOf` gives the shader's own numbers. */
function updateKernel<Attrs extends UpdateAttrs, Uniform extends string>(
  name: string,
  slots: readonly string[],
  shader: Shader<string, Uniform | 'size' | 'rate' | 'shrink' | 'decay'>,
  numbersOf: (attrs: Attrs, learningRate: number) => Record<Uniform, number>,
) {
  return kernel<TensorInfo[], Attrs>(name, ({ inputs, attrs, gpu }) => {
    const count = attrs.learningRate.length;
    if (inputs.length !== count * (2 + slots.length)) {
      throw new Error(
        `${name}: inputs must be ${2 + slots.length} tensors for each of ${count} learning rates, received ${inputs.length}`,
      );
    }
    attrs.learningRate.forEach((learningRate, i) => {
      const of = (list: number) => inputs[list * count + i]!;
      const size = sizeOf(of(0));
      if (size === 0) return;
      const moved = slots.map((slot, k) => [slot, detach(gpu, of(2 + k))]);
      const tensors = { ...Object.fromEntries(moved), w: detach(gpu, of(0)), g: of(1) };
      const weightDecay = attrs.weightDecay[i]!;
      const common = {
        size,
        rate: learningRate,
        shrink: attrs.decoupled ? 1 - learningRate * weightDecay : 1,
        decay: attrs.decoupled ? 0 : weightDecay,
      };
      runShader(gpu, shader, tensors, { ...common, ...numbersOf(attrs, learningRate) }, groupsFor(size));
    });
    return [];
  });
}

const sgdUpdate = updateKernel<UpdateAttrs & { momentum: number; nesterov: boolean }, 'momentum' | 'ahead'>(
  'XcpSgdUpdate',
  ['v'],
  updateShader(
    'sgdUpdate',
    ['v'],
    numbers('momentum', 'ahead'),
    `let velocity = u.momentum * v[i] + gradient;
     v[i] = velocity;
     w[i] = weight - u.rate * select(velocity, gradient + u.momentum * velocity, u.ahead != 0.0);`,
  ),
  ({ momentum, nesterov }) => ({ momentum, ahead: Number(nesterov) }),
);

const adamNumbers = ['beta1', 'beta2', 'take1', 'take2', 'correction', 'epsilon', 'step_size'] as const;
const adamUpdate = updateKernel<
  UpdateAttrs & { beta1: number; beta2: number; epsilon: number; step: number },
  (typeof adamNumbers)[number]
>(
  'XcpAdamUpdate',
  ['m', 'v'],
  updateShader(
    'adamUpdate',
    ['m', 'v'],
    numbers(...adamNumbers),
    `let first = u.beta1 * m[i] + u.take1 * gradient;
     let second = u.beta2 * v[i] + u.take2 * (gradient * gradient);
     m[i] = first;
     v[i] = second;
     w[i] = weight - u.step_size * first / (sqrt(second) * u.correction + u.epsilon);`,
  ),
  ({ beta1, beta2, epsilon, step }, learningRate) => ({
    beta1,
    beta2,
    take1: 1 - beta1,
    take2: 1 - beta2,
    correction: 1 / Math.sqrt(1 - beta2 ** step),
    epsilon,
    step_size: learningRate / (1 - beta1 ** step),
  }),
);

const rmspropNumbers = ['rho', 'take', 'momentum', 'inside', 'outside'] as const;
const rmspropUpdate = updateKernel<
  UpdateAttrs & { rho: number; momentum: number; epsilon: number; epsilonInRoot: boolean },
  (typeof rmspropNumbers)[number]
>(
  'XcpRmspropUpdate',
  ['s', 'v'],
  updateShader(
    'rmspropUpdate',
    ['s', 'v'],
    numbers(...rmspropNumbers),
    `let square = u.rho * s[i] + u.take * (gradient * gradient);
     let velocity = u.momentum * v[i] + gradient / (sqrt(square + u.inside) + u.outside);
     s[i] = square;
     v[i] = velocity;
     w[i] = weight - u.rate * velocity;`,
  ),
  ({ rho, momentum, epsilon, epsilonInRoot }) => ({
    rho,
    take: 1 - rho,
    momentum,
    inside: epsilonInRoot ? epsilon : 0,
    outside: epsilonInRoot ? 0 : epsilon,
  }),
);

const emaShader = {
  name: 'emaUpdate',
  buffers: { average: 'read_write', value: 'read' },
  uniforms: { size: 'u32', take: 'f32' },
  code: forEachElement('average[i] += u.take * (value[i] - average[i]);'),
} as const;

const emaUpdate = kernel<TensorInfo[], { decay: number }>('XcpEmaUpdate', ({ inputs, attrs, gpu }) => {
  const count = inputs.length / 2;
  for (let i = 0; i < count; i++) {
    const [average, value] = [detach(gpu, inputs[i]!), inputs[count + i]!];
    const size = sizeOf(average);
    if (size === 0) continue;
    runShader(gpu, emaShader, { average, value }, { size, take: 1 - attrs.decay }, groupsFor(size));
  }
  return [];
});

export const updateKernels = [sgdUpdate, adamUpdate, rmspropUpdate, emaUpdate];
