/** What engines say: TensorFlow of a tensor, WebGL and WebGPU of a buffer, JavaScript of an array. */
const MESSAGE = /\bOOM\b|failed to allocate|out of memory|resource exhausted|allocation failed/i;

/** Whether an engine gave up for want of memory: `OutOfMemoryError` of `@xcp/backend`, or another one's message. */
export function isOutOfMemory(error: unknown): error is Error {
  return error instanceof Error && (error.name === 'OutOfMemoryError' || MESSAGE.test(error.message));
}

/** A step for which there was no memory: it has changed nothing and can be taken again in smaller parts. */
export class StepOutOfMemory extends Error {
  constructor(override readonly cause: Error) {
    super(cause.message);
  }
}

/** Memory ran out, and the run goes on with fewer images at a time. */
export interface OutOfMemoryEvent {
  /** Steps done. */
  step: number;
  during: 'training' | 'validation';
  /** Images at a time from now on. */
  microBatchSize: number;
  /** What the engine said. */
  reason: string;
}

/** Half as many images at a time. */
export const halved = (size: number): number => Math.ceil(size / 2);
