// `xcp` as built, on made-up images in place of CIFAR-10. XCP_PAUSE_AT=N makes it wait at every step from N on, so
// that whoever started it can stop it there: for XCP_PAUSE_MS, or for ever.
import { defaultServices, processIo, run } from '@xcp/cli';
import { madeUpCifar10 } from './images.mjs';

const { XCP_PAUSE_AT: pauseAt, XCP_PAUSE_MS: milliseconds } = process.env;
const io = processIo();
if (pauseAt) {
  const { stdout } = io;
  io.stdout = {
    write(text) {
      stdout.write(text);
      const step = Number(/"event":"log".*"step":(\d+)/.exec(text)?.[1]);
      if (step < Number(pauseAt) || Number.isNaN(step)) return;
      const wait = milliseconds ? Number(milliseconds) : Number.POSITIVE_INFINITY;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, wait);
    },
    on: () => {},
  };
}
const services = { ...defaultServices(process.cwd()), loadCifar10: async () => madeUpCifar10() };
process.exitCode = await run(process.argv.slice(2), io, services);
