import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type * as tfl from '@tensorflow/tfjs-layers';
import { loadWeights as assign, modelWeights, type TrainInit } from '@xcp/trainer';
import { loadWeights } from '@xcp/xception';
import { messageOf, UserError } from '../errors';
import { statOf } from '../run-folder/stat-of';

export interface WeightFile {
  sha256: string;
  /**
   * Its weights under the names of the model, which stays as it is.
   *
   * @param head `undefined`: that of the file where it is for the same classes; else the model keeps its own
   * @throws UserError where the file is none of weights, or of another network's.
   */
  fit(
    model: tfl.LayersModel,
    head: 'keep' | 'fresh' | undefined,
  ): Promise<TrainInit & { head: 'keep' | 'fresh'; warnings: string[] }>;
}

/** A file of weights: of Keras (.h5, .keras), or safetensors with the names of Keras, of PyTorch or of ours. */
export async function readWeightFile(path: string): Promise<WeightFile | null> {
  if (!statOf(path)?.isFile()) return null;
  const bytes = new Uint8Array(
    await readFile(path).catch((error) => {
      throw new UserError(
        `--init: must be a file that can be read, received "${path}" (${messageOf(error)})`,
      );
    }),
  );
  return {
    sha256: createHash('sha256').update(bytes).digest('hex'),
    async fit(model, head) {
      const own = await modelWeights(model);
      const report = await loadWeights(model, bytes, { replaceHead: head !== 'keep' }).catch(
        (error: Error) => {
          throw new UserError(`--init: "${path}" ${inOneLine(error.message)}`);
        },
      );
      const weights = await modelWeights(model);
      assign(model, own);
      const { replaced, warnings } = report;
      if (replaced.length === 0) return { weights, head: head ?? 'keep', warnings };
      const told = `"${path}" has no classifier for these classes: ${replaced.join(', ')} begin as they are drawn`;
      return { weights, head: 'fresh', warnings: head === 'fresh' ? warnings : [told, ...warnings] };
    },
  };
}

/** Of the weights that do not fit, the first few. */
function inOneLine(message: string): string {
  const [first = '', ...lines] = message.replace(/^loadWeights: (`source` )?/, '').split('\n');
  const faults = lines.filter((line) => line.startsWith('  ')).map((line) => line.trim());
  const rest = lines.filter((line) => !line.startsWith('  '));
  const few = faults.length > 3 ? [...faults.slice(0, 3), '…'] : faults;
  return [first, few.join('; '), ...rest].filter(Boolean).join(' ');
}
