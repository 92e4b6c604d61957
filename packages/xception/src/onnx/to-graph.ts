import * as tfl from '@tensorflow/tfjs-layers';
import { nodesBehind } from '../use/model-nodes';
import { allLayers } from '../weights/slots';
import { type Application, cannotExport } from './application';
import { channelsFirst, channelsLast, converters } from './converters';
import type { Constant, GraphValue, OnnxGraph, OnnxNode } from './graph';

/** The weights of each layer, by their names without the layer's. */
export type LayerWeights = ReadonlyMap<tfl.layers.Layer, ReadonlyMap<string, Constant>>;

/** Reads all weights of a model. */
export async function readWeights(model: tfl.LayersModel): Promise<LayerWeights> {
  const entries = allLayers(model).map(async (layer) => {
    const weights = layer.weights.map(async (weight) => {
      const data = (await weight.read().data()) as Float32Array;
      return [weight.originalName.split('/').at(-1)!, { dims: weight.shape as number[], data }] as const;
    });
    return [layer, new Map(await Promise.all(weights))] as const;
  });
  return new Map(await Promise.all(entries));
}

/** The model as ONNX nodes on images with the channels in front; `isLast`: they come and go with them behind. */
export function toGraph(model: tfl.LayersModel, weights: LayerWeights, isLast: boolean): OnnxGraph {
  const constants = new Map<string, Constant>();
  const nodes: OnnxNode[] = [];
  const values = new Map<tfl.SymbolicTensor, string>();
  const counts = new Map<tfl.layers.Layer, number>();
  const turned = (tensor: tfl.SymbolicTensor) => isLast && tensor.rank === 4;

  for (const tensor of model.inputs) {
    const name = tensor.sourceLayer.name;
    values.set(tensor, turned(tensor) ? `${name}/channelsFirst` : name);
    if (turned(tensor)) nodes.push(channelsFirst(name, values.get(tensor)!));
  }
  /** Gives what a model within has computed the name that an output has. */
  const nameOutput = (node: tfl.SymbolicTensor) => {
    const output = turned(node) ? `${node.sourceLayer.name}/channelsFirst` : node.sourceLayer.name;
    nodes.push({ op: 'Identity', inputs: [values.get(node)!], output });
    values.set(node, output);
  };
  const write = (node: tfl.SymbolicTensor) => {
    const layer = node.sourceLayer;
    if (layer instanceof tfl.LayersModel) {
      // What a model within computes stands in its place, anew for each application.
      const inner = new Map(layer.inputs.map((input, i) => [input, values.get(node.inputs[i]!)!]));
      for (const [input, value] of inner) values.set(input, value);
      for (const tensor of nodesBehind(layer.outputs, inner)) write(tensor);
      values.set(node, values.get(layer.outputs[0]!)!);
      if (model.outputs.includes(node)) nameOutput(node);
      return;
    }
    const index = counts.get(layer) ?? 0;
    counts.set(layer, index + 1);
    const output = index === 0 ? layer.name : `${layer.name}:${index}`;
    const application: Application = {
      layer,
      config: layer.getConfig(),
      inputs: node.inputs.map((input) => values.get(input)!),
      shape: node.inputs[0]!.shape,
      // A model's output has its layer's name; where it is turned, that is what comes out in the end.
      output: turned(node) && model.outputs.includes(node) ? `${output}/channelsFirst` : output,
      index,
      weight: (name) => weights.get(layer)?.get(name),
      constant(name, value) {
        constants.set(`${layer.name}/${name}`, value);
        return `${layer.name}/${name}`;
      },
    };
    nodes.push(...converterOf(application)(application));
    values.set(node, application.output);
  };
  for (const node of nodesBehind(model.outputs, values)) write(node);
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

function converterOf(application: Application) {
  const name = application.layer.getClassName().replace(/^Xcp/, '');
  const converter = converters[name];
  if (converter) return converter;
  throw cannotExport(
    application,
    `is of a class that cannot be exported; those that can be are ${Object.keys(converters).join(', ')}`,
  );
}

function dimsOf({ shape, name }: tfl.SymbolicTensor, isLast: boolean): (number | string)[] {
  const axes = shape.length === 4 ? ['batch', 'height', 'width', 'channels'] : ['batch'];
  const dims = shape.map((size, axis) => size ?? axes[axis] ?? `${name}_${axis}`);
  if (isLast || shape.length !== 4) return dims;
  const [batch, height, width, channels] = dims as [string, number, number, number];
  return [batch, channels, height, width];
}
