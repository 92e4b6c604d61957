// Runs the built `xcp` on images of the two files that XCP_RECORDS names, in place of CIFAR-10. The processes that a
// sweep starts are this program again and inherit the variable.
import { readFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { CIFAR10_CLASSES, decodeRecords } from '@xcp/cifar10';
import { defaultServices, processIo, run } from '@xcp/cli';

const [train, test] = process.env.XCP_RECORDS.split(delimiter).map((path) =>
  decodeRecords(readFileSync(path)),
);
const services = {
  ...defaultServices(process.cwd()),
  loadCifar10: async () => ({ train, test, classNames: CIFAR10_CLASSES }),
};
process.exitCode = await run(process.argv.slice(2), processIo(), services);
