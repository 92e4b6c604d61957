import { nearest } from '../config/nearest';
import { UserError } from '../errors';
import { cifarBest } from './cifar-best';
import { cifarFast } from './cifar-fast';
import type { Preset } from './preset';
import { quickstart } from './quickstart';
import { reference32Adam } from './reference-32-adam';
import { reference32Long } from './reference-32-long';
import { reference128 } from './reference-128';
import { reference128Long } from './reference-128-long';
import { reference299 } from './reference-299';

/** Every preset, in the order in which they are listed. */
export const presets: readonly Preset[] = [
  quickstart,
  cifarFast,
  cifarBest,
  reference32Adam,
  reference32Long,
  reference128,
  reference128Long,
  reference299,
];

/**
 * The preset of that name.
 *
 * @throws UserError that names the nearest preset where there is none.
 */
export function getPreset(name: string): Preset {
  const preset = presets.find((candidate) => candidate.name === name);
  if (preset) return preset;
  const names = presets.map((candidate) => candidate.name);
  const near = nearest(name, names);
  throw new UserError(
    `--preset: must be one of ${names.join(', ')}, received "${name}"${near ? `; did you mean "${near}"?` : ''}`,
  );
}
