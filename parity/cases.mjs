import { readFileSync } from 'node:fs';
import { xceptionVariants } from '@xcp/xception';

const keras = xceptionVariants.keras;

/** What is compared: our configuration, the images, and whether a training step follows. */
export const cases = [
  { name: 'keras-299', config: keras, size: 299, batch: 1, classes: 1000 },
  ...[128, 71].flatMap((size) =>
    [false, true].map((smooth) => ({ name: `keras-${size}${smooth?'-smooth':''}`, config: keras, size, batch: 2, classes: 10, training: true, smooth })),
  ),
];

/** What the oracle gave in float64 (`exact`), and how far its own float32 was from that (`float32`). */
export function fixture(name) {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8'));
}
