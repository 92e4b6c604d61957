import type { NamedArrays } from '@xcp/safetensors';
import { readHdf5 } from './read-hdf5';

/** The file of a `.keras` archive that holds the weights. */
const MEMBER = 'model.weights.h5';

/**
 * The weights of a zip archive: of Keras's `.keras`.
 *
 * @throws if it is another archive; of a PyTorch checkpoint, which is one too, it says what to do.
 */
export async function readKerasArchive(bytes: Uint8Array): Promise<NamedArrays> {
  const { unzip } = await import('fflate');
  const names: string[] = [];
  const members = await new Promise<Record<string, Uint8Array>>((resolve, reject) => {
    const filter = ({ name }: { name: string }) => {
      names.push(name);
      return name === MEMBER;
    };
    unzip(bytes, { filter }, (error, files) => (error ? reject(damaged(error)) : resolve(files)));
  });
  if (names.some((name) => name.endsWith('/data.pkl'))) throw pickled();
  const weights = members[MEMBER];
  if (!weights) {
    throw new Error(
      `loadWeights: a zip archive must be a .keras file with ${MEMBER} in it, received one of ${names.length} other files`,
    );
  }
  return readHdf5(weights);
}

/** What to do with a checkpoint of PyTorch's. */
export function pickled(): Error {
  return new Error(
    'loadWeights: a PyTorch checkpoint (.pt, .pth) is a pickle, which can run any code when it is read; convert it first, in Python:\n' +
      "  import torch; from safetensors.torch import save_file; state = torch.load('model.pth', map_location='cpu', weights_only=True)\n" +
      "  save_file({name: tensor.contiguous() for name, tensor in state.items()}, 'model.safetensors')\n" +
      "If `state` holds more than tensors, take `state['state_dict']` or `state['model']`.",
  );
}

function damaged(cause: Error): Error {
  return new Error(`loadWeights: the archive must be whole (${cause.message}); fetch it again`, { cause });
}
