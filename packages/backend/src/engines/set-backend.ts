import * as tf from '@tensorflow/tfjs-core';

/**
 * Makes a registered backend of TensorFlow.js the one in use.
 *
 * @throws where it cannot be initialized, of which TensorFlow.js itself only returns false.
 */
export async function setBackend(name: string): Promise<void> {
  // Only silences what TensorFlow.js prints by itself, such as an advertisement for tfjs-node among our lines.
  tf.enableProdMode();
  if (await tf.setBackend(name)) return;
  throw new Error(`the TensorFlow.js backend "${name}" could not be initialized`);
}
