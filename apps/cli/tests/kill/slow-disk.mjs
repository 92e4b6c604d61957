// Slows the disk for the process that imports it, and writes a byte to file descriptor 3 before each call that changes
// something, so that a kill can fall within a save. Must be imported before whatever saves.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';

const MOST_MILLISECONDS = 4;

async function slowly(call) {
  fs.writeSync(3, '.');
  await sleep(Math.random() * MOST_MILLISECONDS);
  return call();
}

const { promises } = fs;
for (const name of ['mkdir', 'rename', 'rm']) {
  const original = promises[name];
  promises[name] = (...args) => slowly(() => original(...args));
}
const { open } = promises;
promises.open = async (...args) => {
  const file = await slowly(() => open(...args));
  for (const name of ['write', 'sync']) {
    const original = file[name].bind(file);
    file[name] = (...given) => slowly(() => original(...given));
  }
  return file;
};
syncBuiltinESMExports();
