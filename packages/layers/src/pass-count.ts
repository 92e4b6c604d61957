import * as tf from '@tensorflow/tfjs-core';

/**
 * Counts the calls of a layer in one pass through a network, from 0.
 *
 * TensorFlow.js does not tell a layer which of its applications it computes, nor when a pass begins. But every pass
 * runs within one `tf.tidy` that is the outermost, so the count begins anew with another one, and so a pass that broke
 * off, or a model of a part of the layers, leaves nothing behind.
 */
export class PassCount {
  private count = 0;
  private scope: unknown;

  constructor(private readonly callsInPass: number) {}

  next(): number {
    const scope = tf.engine().state.scopeStack[0];
    if (scope !== this.scope) this.count = 0;
    this.scope = scope;
    const number = this.count;
    this.count = (number + 1) % this.callsInPass;
    return number;
  }
}
