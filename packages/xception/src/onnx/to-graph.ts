import * as tfl from '@tensorflow/tfjs-layers';
import { nodesBehind } from '../use/model-nodes';
import { allLayers } from '../weights/slots';
import { type Application, cannotExport } from './application';
import { channelsFirst, channelsLast, converters } from './converters';
import type { Constant, GraphValue, OnnxGraph, OnnxNode } from './graph';

/** The weights of each layer, by their names without the layer's. */
export type LayerWeights = ReadonlyMap<tfl.layers.Layer, ReadonlyMap<string, Constant>>;

/** Reads all weights of a model, and of the models within it. */
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

  /** Writes what `targets` are computed from; `known` has the names of the values that are there, and gets theirs. */
  const write = (targets: readonly tfl.SymbolicTensor[], known: Map<tfl.SymbolicTensor, string>) => {
    for (const node of nodesBehind(targets, known)) {
      const layer = node.sourceLayer;
      const index = counts.get(layer) ?? 0;
      counts.set(layer, index + 1);
      const name = index === 0 ? layer.name : `${layer.name}:${index}`;
      // A model's output has its layer's name; where it is turned, that is what comes out in the end.
      const output = turned(node) && model.outputs.includes(node) ? `${name}/channelsFirst` : name;
      const inputs = node.inputs.map((input) => known.get(input)!);
      known.set(node, output);
      if (layer instanceof tfl.LayersModel) {
        const within = new Map(layer.inputs.map((input, i) => [input, inputs[i]!]));
        write(layer.outputs, within);
        nodes.push({ op: 'Identity', inputs: [within.get(onlyOutput(layer))!], output });
        continue;
      }
      const application: Application = {
        layer,
        config: layer.getConfig(),
        inputs,
        shape: node.inputs[0]!.shape,
        output,
        index,
        weight: (name) => weights.get(layer)?.get(name),
        constant(name, value) {
          constants.set(`${layer.name}/${name}`, value);
          return `${layer.name}/${name}`;
        },
      };
      nodes.push(...converterOf(application)(application));
    }
  };

  for (const tensor of model.inputs) {
    const name = tensor.sourceLayer.name;
    values.set(tensor, turned(tensor) ? `${name}/channelsFirst` : name);
    if (turned(tensor)) nodes.push(channelsFirst(name, values.get(tensor)!));
  }
  write(model.outputs, values);
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

function onlyOutput(layer: tfl.LayersModel): tfl.SymbolicTensor {
  if (layer.outputs.length > 1) throw cannotExport({ layer }, 'must have one output');
  return layer.outputs[0]!;
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
