import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { BackendValues, DataId } from '@tensorflow/tfjs-core';

/** The module `@tensorflow/tfjs-backend-webgpu`, of which nothing is loaded before somebody asks for it. */
export type TfjsWebGpu = typeof import('@tensorflow/tfjs-backend-webgpu');

interface TensorData {
  values?: BackendValues | null;
  shape: number[];
  resource?: unknown;
}

/** What TensorFlow.js's class keeps private and has in every version of 4.22. */
interface Inside {
  tensorMap: { get(dataId: DataId): TensorData };
}

/**
 * TensorFlow.js's backend on this device, which tells what WebGPU only reports beside the program: an error of the
 * device, whose results are zeros otherwise, is thrown by the next read, and a tensor too large for the device is
 * refused at once.
 */
export function createWebGpuBackend({ WebGPUBackend }: TfjsWebGpu, device: GPUDevice, info: GPUAdapterInfo) {
  class Backend extends WebGPUBackend {
    private failure: Error | null = null;
    private lost: Error | null = null;

    constructor() {
      super(device, info);
      device.addEventListener('uncapturederror', (event) => {
        event.preventDefault();
        this.failure ??= failureOf((event as GPUUncapturedErrorEvent).error);
      });
      void device.lost.then(({ reason, message }) => {
        if (reason === 'destroyed') return;
        this.lost = new Error(`webgpu: the device was lost; resume from the last checkpoint (${message})`);
      });
    }

    override async read(dataId: object): Promise<BackendValues> {
      const values = await super.read(dataId);
      const failure = this.lost ?? this.failure;
      this.failure = null;
      if (failure) throw failure;
      return values;
    }

    override readSync(dataId: object): BackendValues {
      const { values } = (this as unknown as Inside).tensorMap.get(dataId);
      if (!values && !('OffscreenCanvas' in globalThis)) {
        throw new Error(
          'webgpu: values on a GPU can only be read asynchronously here; use `await tensor.data()` in place of `dataSync()`',
        );
      }
      return super.readSync(dataId);
    }

    override uploadToGPU(dataId: DataId): void {
      const { shape, resource } = (this as unknown as Inside).tensorMap.get(dataId);
      if (!resource) checkSize(shape, device.limits);
      super.uploadToGPU(dataId);
    }

    override dispose(): void {
      super.dispose();
      device.destroy();
    }
  }
  return new Backend() as WebGPUBackend;
}

function failureOf(error: GPUError): Error {
  const what =
    error.constructor.name === 'GPUOutOfMemoryError' ? 'out of memory; take a smaller batch' : 'an error';
  return new Error(`webgpu: ${what}: ${error.message.split('\n')[0]}`);
}

function checkSize(
  shape: number[],
  { maxBufferSize, maxStorageBufferBindingSize }: GPUSupportedLimits,
): void {
  const bytes = 4 * shape.reduce((size, n) => size * n, 1);
  const most = Math.min(maxBufferSize, maxStorageBufferBindingSize);
  if (bytes <= most) return;
  throw new Error(
    `webgpu: out of memory: a tensor must have at most ${most} bytes on this device, received [${shape}] with ${bytes}`,
  );
}
