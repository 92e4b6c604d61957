import type * as tfl from '@tensorflow/tfjs-layers';
import type { Constant } from '../exporting/application';
import type { LayerWeights } from '../exporting/read-weights';
import { writeLayers } from '../exporting/write-layers';
import { converters } from './converters';
import type { Graph, GraphNode, Port } from './graph';

/** The model as TensorFlow ops. */
export function toGraph(model: tfl.LayersModel, weights: LayerWeights): Graph {
  const constants = new Map<string, Constant>();
  const values = new Map(model.inputs.map((tensor) => [tensor, tensor.sourceLayer.name]));
  const format = {
    exporter: 'exportGraphModel',
    converters,
    nameOf: (_: tfl.SymbolicTensor, layer: string, index: number) =>
      index === 0 ? layer : `${layer}/application_${index}`,
    identity: (input: string, output: string): GraphNode => ({ op: 'Identity', inputs: [input], output }),
  };
  const nodes = writeLayers(model, weights, format, values, constants);
  const portOf = (tensor: tfl.SymbolicTensor): Port => ({ name: values.get(tensor)!, dims: tensor.shape });
  return { inputs: model.inputs.map(portOf), outputs: model.outputs.map(portOf), nodes, constants };
}
