import type { Kind } from './kind';

/** The same value at every step. */
export interface Constant {
  name: 'constant';
  /** Default for a learning rate 0.001: Adam's in PyTorch and Keras. */
  value?: number;
}

export const constant: Kind<Constant> = {
  values: ['value'],
  resolve: (read) => ({ name: 'constant', value: read.start('value', 1e-3) }),
  at: ({ value }) => value,
};
