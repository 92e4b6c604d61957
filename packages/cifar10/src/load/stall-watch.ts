/** A signal that fires when nothing has happened for `timeout` milliseconds, or when `signal` fires. */
export function watchForStall(timeout: number, signal?: AbortSignal) {
  const controller = new AbortController();
  const start = () =>
    setTimeout(() => controller.abort(new Error(`nothing arrived for ${timeout / 1000} s`)), timeout);
  let timer = start();
  return {
    signal: signal ? AbortSignal.any([signal, controller.signal]) : controller.signal,
    /** Something has happened: begin to count anew. */
    reset() {
      clearTimeout(timer);
      timer = start();
    },
    end() {
      clearTimeout(timer);
    },
  };
}
