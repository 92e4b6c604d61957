import * as tfl from '@tensorflow/tfjs-layers';
import { nodesBehind } from '../use/model-nodes';
import { type Application, type Constant, type Converter, cannotExport } from './application';
import type { LayerWeights } from './read-weights';

/** Another format, as far as going through the layers is concerned. */
export interface Format<Node> {
  /** The function that exports, at the beginning of an error. */
  exporter: string;
  /** By the name of the layer's class; `Xcp…` are those of `@xcp/layers`. */
  converters: Readonly<Record<string, Converter<Node>>>;
  /** The name of what an application of a layer gives, `index` from 0. */
  nameOf(tensor: tfl.SymbolicTensor, layer: string, index: number): string;
  identity(input: string, output: string): Node;
}

/**
 * The nodes of everything that a model's outputs are computed from, each behind its inputs.
 *
 * @param values names of the values that are there, and gets those of all that is written
 * @param constants gets what nodes read by name
 */
export function writeLayers<Node>(
  model: tfl.LayersModel,
  weights: LayerWeights,
  { exporter, converters, nameOf, identity }: Format<Node>,
  values: Map<tfl.SymbolicTensor, string>,
  constants: Map<string, Constant>,
): Node[] {
  const nodes: Node[] = [];
  const counts = new Map<tfl.layers.Layer, number>();

  const write = (targets: readonly tfl.SymbolicTensor[], known: Map<tfl.SymbolicTensor, string>) => {
    for (const node of nodesBehind(targets, known)) {
      const layer = node.sourceLayer;
      const index = counts.get(layer) ?? 0;
      counts.set(layer, index + 1);
      const output = nameOf(node, layer.name, index);
      const inputs = node.inputs.map((input) => known.get(input)!);
      known.set(node, output);
      if (layer instanceof tfl.LayersModel) {
        const within = new Map(layer.inputs.map((input, i) => [input, inputs[i]!]));
        write(layer.outputs, within);
        nodes.push(identity(within.get(onlyOutput(layer, exporter))!, output));
        continue;
      }
      const application: Application = {
        layer,
        config: layer.getConfig(),
        inputs,
        shape: node.inputs[0]!.shape,
        output,
        index,
        exporter,
        weight: (name) => weights.get(layer)?.get(name),
        constant(name, value) {
          constants.set(`${layer.name}/${name}`, value);
          return `${layer.name}/${name}`;
        },
      };
      nodes.push(...converterOf(application, converters)(application));
    }
  };

  write(model.outputs, values);
  return nodes;
}

function onlyOutput(layer: tfl.LayersModel, exporter: string): tfl.SymbolicTensor {
  if (layer.outputs.length > 1) throw cannotExport({ exporter, layer }, 'must have one output');
  return layer.outputs[0]!;
}

function converterOf<Node>(
  application: Application,
  converters: Readonly<Record<string, Converter<Node>>>,
): Converter<Node> {
  const name = application.layer.getClassName().replace(/^Xcp/, '');
  const converter = converters[name];
  if (converter) return converter;
  throw cannotExport(
    application,
    `is of a class that cannot be exported; those that can be are ${Object.keys(converters).join(', ')}`,
  );
}
