import type * as tfl from '@tensorflow/tfjs-layers';
import { rejectUnknownKeys } from '../unknown-keys';
import { HEAD, slotsOf } from '../weights/slots';
import { type CacheOptions, cachedFile } from './cached-file';
import { type FileLoadReport, loadFile } from './load-file';
import type { RemoteFile } from './receive';

export type ImagenetOptions = CacheOptions;

/** The whole network, and the network without its classifier. */
export interface ImagenetFiles {
  top: RemoteFile;
  noTop: RemoteFile;
}

const folder = 'https://storage.googleapis.com/tensorflow/keras-applications/xception/';
const stem = 'xception_weights_tf_dim_ordering_tf_kernels';

/** Keras's own files; see keras/src/applications/xception.py. */
const kerasFiles: ImagenetFiles = {
  top: {
    url: `${folder}${stem}.h5`,
    name: `${stem}.h5`,
    size: 91_884_032,
    md5: '0a58e3b7378bc2990ea3b43d5981f1f6',
  },
  noTop: {
    url: `${folder}${stem}_notop.h5`,
    name: `${stem}_notop.h5`,
    size: 83_683_744,
    md5: 'b0042744bf5b25fce3cb969f33bebb97',
  },
};

/** ImageNet's. */
const CLASSES = 1000;

/**
 * Gives a model of the network of the paper Keras's ImageNet weights: 79.0 % top-1, for images as x / 127.5 − 1.
 *
 * The file, 92 MB (84 MB where the model has another classifier), is fetched once, proved by its hash and kept in the
 * user's cache folder; a download that was cut goes on where it stopped. A model with other classes than ImageNet's
 * 1000 keeps its own classifier, which the report says.
 *
 * @example
 * const model = xception({ classes: 10 });
 * await loadImagenetWeights(model, { onProgress: ({ loaded, total }) => console.log(loaded / total) });
 * @throws if the file cannot be fetched, saying what to do without a network, or the model is another network.
 * @see keras/src/applications/xception.py
 */
export async function loadImagenetWeights(
  model: tfl.LayersModel,
  options: ImagenetOptions = {},
): Promise<FileLoadReport> {
  return loadFrom(kerasFiles, model, options);
}

/** As {@link loadImagenetWeights}, with these files. */
export async function loadFrom(
  files: ImagenetFiles,
  model: tfl.LayersModel,
  options: ImagenetOptions = {},
): Promise<FileLoadReport> {
  const known = ['cacheDir', 'onProgress', 'signal', 'fetch', 'stallTimeout'];
  rejectUnknownKeys('loadImagenetWeights', options, known);
  const head = slotsOf(model).find(({ name }) => name === `${HEAD}/bias`);
  const path = await cachedFile(head?.shape[0] === CLASSES ? files.top : files.noTop, options);
  return loadFile(model, path, {});
}
