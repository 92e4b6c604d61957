import { innermostNodes, type LayerSpec, type Node } from '../graph';
import { layerMacs, sizeOf } from './layer-macs';
import { layerWeights, type WeightDescription } from './layer-weights';

/** What is known of a layer without building it. */
export interface LayerDescription {
  name: string;
  /** The class as Keras calls it. */
  type: LayerSpec['type'];
  /** [batch, height, width, channels] or [batch, features]. */
  outputShape: number[];
  /** How often the network applies it: more than once in a shared middle flow. */
  applications: number;
  weights: WeightDescription[];
  /** Numbers in the weights. */
  parameters: number;
  /** Multiply-accumulates for one example, in all applications. */
  macs: number;
}

/** Every layer of a graph, in the order of the computation. */
export function describeLayers(output: Node, batch: number): LayerDescription[] {
  const layers = new Map<LayerSpec, LayerDescription>();
  for (const node of innermostNodes(output)) {
    const known = layers.get(node.layer) ?? describeLayer(node, batch);
    known.applications++;
    known.macs += layerMacs(node);
    layers.set(node.layer, known);
  }
  return [...layers.values()];
}

function describeLayer({ layer, inputs, shape }: Node, batch: number): LayerDescription {
  const weights = layerWeights(layer, inputs[0]?.shape ?? []);
  const parameters = weights.reduce((sum, weight) => sum + sizeOf(weight.shape), 0);
  const { name, type } = layer;
  return { name, type, outputShape: [batch, ...shape], applications: 0, weights, parameters, macs: 0 };
}
