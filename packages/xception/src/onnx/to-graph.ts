import type * as tfl from '@tensorflow/tfjs-layers';
import type { Constant } from '../exporting/application';
import type { LayerWeights } from '../exporting/read-weights';
import { writeLayers } from '../exporting/write-layers';
import { channelsFirst, channelsLast, converters } from './converters';
import type { GraphValue, OnnxGraph, OnnxNode } from './graph';

/** The model as ONNX nodes on images with the channels in front; `isLast`: they come and go with them behind. */
export function toGraph(model: tfl.LayersModel, weights: LayerWeights, isLast: boolean): OnnxGraph {
  const constants = new Map<string, Constant>();
  const nodes: OnnxNode[] = [];
  const values = new Map<tfl.SymbolicTensor, string>();
  const turned = (tensor: tfl.SymbolicTensor) => isLast && tensor.rank === 4;

  for (const tensor of model.inputs) {
    const name = tensor.sourceLayer.name;
    values.set(tensor, turned(tensor) ? `${name}/channelsFirst` : name);
    if (turned(tensor)) nodes.push(channelsFirst(name, values.get(tensor)!));
  }
  const format = {
    exporter: 'exportOnnx',
    converters,
    nameOf(tensor: tfl.SymbolicTensor, layer: string, index: number) {
      const name = index === 0 ? layer : `${layer}:${index}`;
      // A model's output has its layer's name; where it is turned, that is what comes out in the end.
      return turned(tensor) && model.outputs.includes(tensor) ? `${name}/channelsFirst` : name;
    },
    identity: (input: string, output: string): OnnxNode => ({ op: 'Identity', inputs: [input], output }),
  };
  nodes.push(...writeLayers(model, weights, format, values, constants));
  const outputs = model.outputs.map((tensor): GraphValue => {
    const inner = values.get(tensor)!;
    const name = turned(tensor) ? inner.replace(/\/channelsFirst$/, '') : inner;
    if (turned(tensor)) nodes.push(channelsLast(inner, name));
    return { name, dims: dimsOf(tensor, isLast) };
  });
  const inputs = model.inputs.map((tensor) => ({
    name: tensor.sourceLayer.name,
    dims: dimsOf(tensor, isLast),
  }));
  return { name: model.name, inputs, outputs, nodes, constants };
}

function dimsOf({ shape, name }: tfl.SymbolicTensor, isLast: boolean): (number | string)[] {
  const axes = shape.length === 4 ? ['batch', 'height', 'width', 'channels'] : ['batch'];
  const dims = shape.map((size, axis) => size ?? axes[axis] ?? `${name}_${axis}`);
  if (isLast || shape.length !== 4) return dims;
  const [batch, height, width, channels] = dims as [string, number, number, number];
  return [batch, channels, height, width];
}
