import type { ResolvedXceptionConfig } from './config';
import { entryFlow, exitFlow, middleFlow, stem } from './flows';
import { input, layer, type Node, type Part, sequence } from './graph';

/** The whole network as a graph of plain data: what the model is built from, and what `describe` reads. */
export function network(c: ResolvedXceptionConfig): Node {
  const features = sequence(stem(c), entryFlow(c), middleFlow(c), exitFlow(c));
  return sequence(
    features,
    ...(c.includeTop ? classifier(c) : pooling(c)),
  )(input('input_layer', c.inputShape));
}

function classifier(c: ResolvedXceptionConfig): Part[] {
  return [
    layer({ type: 'GlobalAveragePooling2D', name: 'avg_pool' }),
    ...(c.dropout > 0 ? [layer({ type: 'Dropout', name: 'dropout', rate: c.dropout })] : []),
    layer({ type: 'Dense', name: 'predictions', units: c.classes }),
  ];
}

function pooling({ pooling }: ResolvedXceptionConfig): Part[] {
  if (pooling === null) return [];
  const type = pooling === 'avg' ? 'GlobalAveragePooling2D' : 'GlobalMaxPooling2D';
  return [layer({ type, name: `${pooling}_pool` })];
}
