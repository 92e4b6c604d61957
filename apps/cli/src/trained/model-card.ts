import { CIFAR10_CLASSES } from '@xcp/cifar10';
import type { XceptionConfig } from '@xcp/xception';
import { z } from 'zod';
import type { RunConfig } from '../config/run-config';
import { modelConfig } from '../training/model-config';

const channel = z.tuple([z.number(), z.number(), z.number()]);

/** What an exported model tells of itself: enough to build it, to feed it and to read its answers. */
export const modelCardSchema = z.object({
  format: z.literal(1),
  /** The network, as `xception` of `@xcp/xception` takes it. */
  model: z.record(z.string(), z.unknown()),
  classes: z.array(z.string()).min(1),
  /** Per channel: value / 255 − mean, then divided by std. */
  normalize: z.object({ mean: channel, std: channel }),
  /** Side of the square input in pixels. */
  size: z.int().min(1),
});

export type ModelCard = Omit<z.output<typeof modelCardSchema>, 'model'> & { model: XceptionConfig };

/** Under which name a card lies in the metadata of an exported model. */
export const CARD = 'xcp';

/** The card of the model that a run trains. */
export function modelCard(config: RunConfig, classes: readonly string[] = CIFAR10_CLASSES): ModelCard {
  const { normalize, size } = config.data;
  return {
    format: 1,
    model: modelConfig(config, classes.length),
    classes: [...classes],
    normalize,
    size,
  };
}

/** The card in a model's metadata, or `undefined` where there is none. */
export function readCard(metadata: unknown): ModelCard | undefined {
  const found = (metadata as Record<string, unknown> | undefined)?.[CARD];
  const card = modelCardSchema.safeParse(typeof found === 'string' ? parsed(found) : found);
  return card.success ? (card.data as ModelCard) : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
