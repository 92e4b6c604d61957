import type { DataId, DataType, TensorInfo } from '@tensorflow/tfjs-core';

interface TensorData {
  values: unknown;
  resource?: unknown;
}

/**
 * What our kernels use of TensorFlow.js's WebGPU backend, whose own way to run a program knows one output alone and
 * nothing that is updated in place. Much of it is private there, and the same in every release of 4.x so far.
 */
export interface Gpu {
  device: GPUDevice;
  tensorMap: { get(dataId: DataId): TensorData };
  /** Compiled programs by name. */
  pipelineCache: Record<string, GPUComputePipeline | Promise<GPUComputePipeline>>;
  /** Data that commands not yet submitted read or write. */
  commandQueueOwnedIds: WeakSet<DataId>;
  commandEncoder: GPUCommandEncoder | null;
  computePassEncoder: GPUComputePassEncoder | null;
  dispatchCountInPass: number;
  makeTensorInfo(shape: number[], dtype: DataType): TensorInfo;
  disposeData(dataId: DataId): boolean;
  refCount(dataId: DataId): number;
  uploadToGPU(dataId: DataId): void;
  makeUniforms(values: { type: 'uint32' | 'float32'; data: number[] }[]): GPUBufferBinding;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
}
