import type { TensorInfo } from '@tensorflow/tfjs-core';
import { areFloats, areOf, kernel, sizeOf } from './kernel';

export const softmaxKernels = [
  kernel<{ logits: TensorInfo }, { dim: number }>(
    'Softmax',
    ({ inputs: { logits }, backend }) => {
      const y = backend.output(logits.shape, 'float32');
      const columns = logits.shape.at(-1)!;
      backend.library.call(
        'softmax',
        backend.address(logits),
        backend.address(y),
        sizeOf(logits) / columns,
        columns,
      );
      return y;
    },
    ({ inputs: { logits }, attrs: { dim } }) =>
      areFloats(logits) && logits.shape.length > 0 && (dim === -1 || dim === logits.shape.length - 1),
  ),
  // The mean loss of a batch and its gradient by the logits, both at once.
  kernel<{ logits: TensorInfo; labels: TensorInfo }, { labelSmoothing?: number }>(
    'XcpSoftmaxCrossEntropy',
    ({ inputs: { logits, labels }, attrs: { labelSmoothing = 0 }, backend }) => {
      const [rows, columns] = logits.shape;
      if (!areFloats(logits) || logits.shape.length !== 2) {
        throw new Error(
          `XcpSoftmaxCrossEntropy: \`logits\` must be float32 [n, classes] and not empty, received ${logits.dtype} [${logits.shape}]`,
        );
      }
      if (!areOf('int32', labels) || sizeOf(labels) !== rows) {
        throw new Error(
          `XcpSoftmaxCrossEntropy: \`labels\` must be int32 [${rows}], received ${labels.dtype} [${labels.shape}]`,
        );
      }
      const loss = backend.output([], 'float32');
      const gradient = backend.output(logits.shape, 'float32');
      backend.library.call(
        'softmaxCrossEntropy',
        ...[logits, labels, loss, gradient].map((t) => backend.address(t)),
        rows!,
        columns!,
        labelSmoothing,
      );
      return [loss, gradient];
    },
  ),
];
