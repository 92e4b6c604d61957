import type { Application, Converter } from '../exporting/application';
import { type Normalization, normalizationOf } from '../exporting/normalization';
import { activated } from './activation';
import type { GraphNode } from './graph';

export const batchNormalization: Converter<GraphNode> = (application) => {
  const { inputs, output, config } = application;
  const nodes = normalize(application, inputs[0]!, output, normalizationOf(application));
  return activated(application, config.activation, nodes);
};

/** `FusedBatchNormV3` on images; on vectors, which that op does not take, the same as a product and a sum. */
export function normalize(
  application: Application,
  input: string,
  output: string,
  { constants, epsilon }: Normalization,
): GraphNode[] {
  if (application.shape.length === 4) {
    const read = constants.map(([name, value]) => application.constant(name, value));
    const attributes = {
      U: { type: 'float32' },
      data_format: { string: 'NHWC' },
      epsilon: { float: epsilon },
      is_training: { bool: false },
    } as const;
    return [{ op: 'FusedBatchNormV3', inputs: [input, ...read], output, attributes }];
  }
  const [gamma, beta, mean, variance] = constants.map(([, { data }]) => data) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const scales = Array.from(gamma, (value, i) => value / Math.sqrt(variance[i]! + epsilon));
  const shifts = scales.map((scale, i) => beta[i]! - mean[i]! * scale);
  const names = [scales, shifts].map((values, i) =>
    application.constant(`${constants[i === 0 ? 3 : 2]![0]}/${i === 0 ? 'scale' : 'shift'}`, {
      dims: [values.length],
      data: Float32Array.from(values),
    }),
  ) as [string, string];
  return [
    { op: 'Mul', inputs: [input, names[0]], output: `${output}/scaled` },
    { op: 'AddV2', inputs: [`${output}/scaled`, names[1]], output },
  ];
}
