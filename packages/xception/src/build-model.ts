import * as tfl from '@tensorflow/tfjs-layers';
import { checkpointBlock } from '@xcp/layers';
import type { ResolvedXceptionConfig } from './config';
import { createLayer } from './create-layer';
import { type LayerSpec, type Node, nodesOf } from './graph';

/** The TensorFlow.js model of a graph; nodes of one layer share its weights. */
export function buildModel(c: ResolvedXceptionConfig, name: string, output: Node): tfl.LayersModel {
  const model = tfl.model({ name, ...buildGraph(c, output) });
  countReferences(model);
  return model;
}

/** Where a graph begins and ends. */
function buildGraph(c: ResolvedXceptionConfig, output: Node) {
  const layers = new Map<LayerSpec, tfl.layers.Layer>();
  const layerOf = (spec: ComputingLayer) => {
    const made = layers.get(spec) ?? makeLayer(c, spec);
    layers.set(spec, made);
    return made;
  };
  const tensors = new Map<Node, tfl.SymbolicTensor>();
  const inputs: tfl.SymbolicTensor[] = [];
  for (const node of nodesOf(output)) {
    const { layer } = node;
    if (layer.type === 'InputLayer') {
      const input = tfl.input({ name: layer.name, shape: layer.shape });
      inputs.push(input);
      tensors.set(node, input);
    } else {
      const from = node.inputs.map((input) => tensors.get(input)!);
      tensors.set(node, layerOf(layer).apply(from.length === 1 ? from[0]! : from) as tfl.SymbolicTensor);
    }
  }
  return { inputs, outputs: tensors.get(output)! };
}

type ComputingLayer = Exclude<LayerSpec, { type: 'InputLayer' }>;

function makeLayer(c: ResolvedXceptionConfig, spec: ComputingLayer): tfl.layers.Layer {
  if (spec.type !== 'Checkpoint') return createLayer(c, spec);
  return checkpointBlock({ name: spec.name, ...buildGraph(c, spec.body.output) });
}

/**
 * TensorFlow.js counts every application of a layer, but a model lets go of each of its layers once, and of a model
 * within it twice: without this, `model.dispose()` would leave the weights of a shared middle flow behind.
 */
function countReferences(model: tfl.LayersModel): void {
  for (const layer of model.layers) {
    const isModel = layer instanceof tfl.LayersModel;
    Object.assign(layer, { _refCount: isModel ? 2 : 1 });
    if (isModel) countReferences(layer);
  }
}
