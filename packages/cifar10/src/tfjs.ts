export { type TensorBatch, type TensorBatchesOptions, tensorBatches } from './tensors/tensor-batches';
