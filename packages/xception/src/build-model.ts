import * as tfl from '@tensorflow/tfjs-layers';
import type { ResolvedXceptionConfig } from './config';
import { createLayer } from './create-layer';
import { type LayerSpec, type Node, nodesOf } from './graph';

/** The TensorFlow.js model of a graph; nodes of one layer share its weights. */
export function buildModel(c: ResolvedXceptionConfig, name: string, output: Node): tfl.LayersModel {
  const layers = new Map<LayerSpec, tfl.layers.Layer>();
  const layerOf = (spec: LayerSpec) => {
    const made = layers.get(spec) ?? createLayer(c, spec);
    layers.set(spec, made);
    return made;
  };
  const tensors = new Map<Node, tfl.SymbolicTensor>();
  const images: tfl.SymbolicTensor[] = [];
  for (const node of nodesOf(output)) {
    const { layer, inputs } = node;
    if (layer.type === 'InputLayer') {
      const image = tfl.input({ name: layer.name, shape: layer.shape });
      images.push(image);
      tensors.set(node, image);
    } else {
      const from = inputs.map((input) => tensors.get(input)!);
      tensors.set(node, layerOf(layer).apply(from.length === 1 ? from[0]! : from) as tfl.SymbolicTensor);
    }
  }
  const model = tfl.model({ name, inputs: images, outputs: tensors.get(output)! });
  // TensorFlow.js counts every application of a layer, but a model lets go of each of its layers once: without
  // this, `model.dispose()` would leave the weights of a shared middle flow behind.
  for (const layer of model.layers) Object.assign(layer, { _refCount: 1 });
  return model;
}
