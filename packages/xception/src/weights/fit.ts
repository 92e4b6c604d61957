import type { Found, Matches } from './match-names';
import { HEAD, type Slot } from './slots';

/** What goes where, once everything fits. */
export interface Fit {
  assigned: [Slot, Found][];
  /** Names of weights that keep what they have: those of a classifier for other classes. */
  replaced: string[];
  ignored: string[];
}

/**
 * Checks that every tensor has a place and every place a tensor of its shape.
 *
 * @throws with a line for every one that has not.
 */
export function fit(matches: Matches, slots: readonly Slot[], replaceHead: boolean): Fit {
  const hasHead = slots.some(({ layer }) => layer === HEAD);
  const keepsHead = replaceHead && hasHead && isOtherHead(matches, slots);
  const needed = slots.filter(({ layer }) => !(keepsHead && layer === HEAD));
  const problems = needed.flatMap((slot) => problemOf(slot, matches.found.get(slot.name)) ?? []);
  // A model without a classifier does without that of the source.
  const spare = (name: string) =>
    replaceHead && !hasHead && /(^|[./])(predictions|fc|last_linear|dense)[./]/.test(name);
  for (const name of matches.unknown) {
    if (!spare(name)) problems.push(`'${name}': the model has no place for it`);
  }
  if (problems.length > 0) {
    throw new Error(
      `loadWeights: every weight must fit, ${problems.length} do not, and nothing was changed:\n` +
        `${problems.map((line) => `  ${line}\n`).join('')}` +
        'Build the model with the configuration that the weights were made with.',
    );
  }
  return {
    assigned: needed.map((slot) => [slot, matches.found.get(slot.name)!]),
    replaced: keepsHead ? slots.filter(({ layer }) => layer === HEAD).map(({ name }) => name) : [],
    ignored: [...matches.ignored, ...matches.unknown],
  };
}

/** Whether the source has no classifier, or one of the same features for another number of classes. */
function isOtherHead({ found }: Matches, slots: readonly Slot[]): boolean {
  const kernel = found.get(`${HEAD}/kernel`)?.array.shape;
  const bias = found.get(`${HEAD}/bias`)?.array.shape;
  if (!kernel && !bias) return true;
  const [features, classes] = slots.find(({ name }) => name === `${HEAD}/kernel`)!.shape;
  return kernel?.length === 2 && kernel[0] === features && kernel[1] !== classes && bias?.[0] === kernel[1];
}

function problemOf({ name, shape }: Slot, found: Found | undefined): string | undefined {
  if (!found) return `'${name}': missing`;
  const { from, array } = found;
  if (array.dtype === 'float32' && JSON.stringify(array.shape) === JSON.stringify(shape)) return undefined;
  const origin = from === name ? '' : ` from '${from}'`;
  return `'${name}': must be float32 of shape ${JSON.stringify(shape)}, received ${array.dtype} of shape ${JSON.stringify(array.shape)}${origin}`;
}
