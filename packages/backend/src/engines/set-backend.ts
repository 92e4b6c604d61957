import * as tf from '@tensorflow/tfjs-core';

/** Silences what TensorFlow.js prints by itself among our lines: advertisements, and kernels registered twice. */
export const silence = () => tf.enableProdMode();

/**
 * Makes a registered backend of TensorFlow.js the one in use.
 *
 * @throws where it cannot be initialized, of which TensorFlow.js itself only returns false.
 */
export async function setBackend(name: string): Promise<void> {
  silence();
  if (await tf.setBackend(name)) return;
  throw new Error(`the TensorFlow.js backend "${name}" could not be initialized`);
}
