import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { XcpBackend } from '../backend';
import type { Derivation, Question } from '../derived';
import { Plan } from '../plan';
import { ACTIVATIONS, type FusedActivation } from './epilogue';

export type ConvPlanInputs = {
  x: TensorInfo;
  filter: TensorInfo;
  bias?: TensorInfo | undefined;
  /** Statistics of a batch normalization, where one follows. */
  mean?: TensorInfo | undefined;
  variance?: TensorInfo | undefined;
  offset?: TensorInfo | undefined;
  scale?: TensorInfo | undefined;
};

export interface ConvPlanOptions {
  activation: FusedActivation;
  /** Of the batch normalization. */
  epsilon?: number;
}

/** A dense convolution, a batch normalization by given statistics, and an activation, as one. */
export class ConvPlan extends Plan<ConvPlanInputs> {
  constructor(
    inputs: ConvPlanInputs,
    /** As the kernels take it. */
    readonly geometry: readonly number[],
    readonly options: ConvPlanOptions,
  ) {
    super(inputs);
  }

  over(inputs: ConvPlanInputs): ConvPlan {
    return new ConvPlan(inputs, this.geometry, this.options);
  }

  /** The same with batch normalization after it; undefined where something else follows already. */
  normalized(
    { mean, variance, offset, scale }: Pick<ConvPlanInputs, 'mean' | 'variance' | 'offset' | 'scale'>,
    epsilon: number,
  ): ConvPlan | undefined {
    if (this.inputs.mean || this.options.activation !== 'linear') return undefined;
    const inputs = { ...this.inputs, mean, variance, offset, scale };
    return new ConvPlan(inputs, this.geometry, { activation: 'linear', epsilon });
  }

  /** The same with an activation after it; undefined where there is one already. */
  activated(activation: FusedActivation): ConvPlan | undefined {
    if (this.options.activation !== 'linear') return undefined;
    return new ConvPlan(this.inputs, this.geometry, { ...this.options, activation });
  }

  compute(backend: XcpBackend, y: TensorInfo): void {
    const from = backend.address(this.inputs.x);
    const { columns, bias, packed, release } = this.columns(backend);
    backend.library.call(
      packed ? 'conv2dPacked' : 'conv2d',
      from,
      backend.address(columns),
      bias ? backend.address(bias) : 0,
      backend.address(y),
      ACTIVATIONS[this.options.activation],
      ...this.geometry,
    );
    release();
  }

  /** The filter and the bias as the kernel takes them: packed, where that is kept or a normalization scales it. */
  private columns(backend: XcpBackend): Columns {
    const question = packing(backend, this.inputs, this.options);
    const kept = backend.kept(question);
    if (!kept && !this.inputs.mean) {
      const { filter, bias } = this.inputs;
      return { packed: false, columns: filter, bias, release: () => undefined };
    }
    const { tensors, release } = kept ?? temporary(backend, question);
    return {
      packed: true,
      columns: tensors[0]!,
      bias: this.inputs.mean ? tensors[1] : this.inputs.bias,
      release,
    };
  }
}

interface Columns {
  packed: boolean;
  columns: TensorInfo;
  bias: TensorInfo | undefined;
  release(): void;
}

/** Columns that a packed filter is padded to, for any instruction set. */
const PANEL = 32;

/** The filter in the order in which the kernel reads it; with batch normalization it is scaled, and has a new bias. */
function packing(backend: XcpBackend, inputs: ConvPlanInputs, { epsilon }: ConvPlanOptions): Question {
  const { filter, bias, mean, variance, offset, scale } = inputs;
  const [height, width, channels, filters] = filter.shape as [number, number, number, number];
  const rows = height * width * channels;
  const packed = [Math.ceil(filters / PANEL) * PANEL * rows];
  const { library } = backend;
  if (!mean) {
    const compute: Derivation = ([from], [into]) =>
      library.call('packFilter', backend.address(from!), 0, backend.address(into!), rows, filters);
    return { kind: 'packed', inputs: [filter], shapes: [packed], compute };
  }
  const compute: Derivation = ([from, ...norm], [into, shift]) => {
    const factor = backend.output([filters], 'float32');
    const [to, by] = [backend.address(shift!), backend.address(factor)];
    const addresses = norm.map((tensor) => (tensor ? backend.address(tensor) : 0));
    library.call('foldBatchNorm', ...addresses, by, to, filters, epsilon!);
    library.call('packFilter', backend.address(from!), by, backend.address(into!), rows, filters);
    backend.disposeData(factor.dataId);
  };
  return {
    kind: `packed, normalized ${epsilon}`,
    inputs: [filter, mean, variance, offset, scale, bias],
    shapes: [packed, [filters]],
    compute,
  };
}

/** The answer to a question, for one time. */
function temporary(backend: XcpBackend, { inputs, shapes, compute }: Question) {
  const tensors = shapes.map((shape) => backend.output(shape, 'float32'));
  compute(inputs, tensors);
  return { tensors, release: () => tensors.forEach(({ dataId }) => void backend.disposeData(dataId)) };
}
