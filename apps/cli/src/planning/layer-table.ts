import type { NetworkDescription } from '@xcp/xception';
import { formatCount } from '../terminal/format';

/** The layers that have weights, with the shapes that they give; at most 60 columns wide. */
export function layerTable({ layers }: NetworkDescription): string {
  const rows = layers
    .filter(({ parameters }) => parameters > 0)
    .map(({ name, outputShape, parameters, applications }) => {
      const shape = outputShape.slice(1).join('×');
      const times = applications > 1 ? ` ×${applications}` : '';
      return name.slice(0, 29).padEnd(30) + shape.padStart(14) + formatCount(parameters).padStart(12) + times;
    });
  return [`${'layer'.padEnd(30)}${'output'.padStart(14)}${'parameters'.padStart(12)}`, ...rows].join('\n');
}
