// Runs `xcp` on a slow disk: node child.mjs [--records train.bin test.bin] <arguments of xcp>. With --records the images
// come from files of CIFAR-10's format in place of CIFAR-10 itself.
import './slow-disk.mjs';
import { readFileSync } from 'node:fs';

const { CIFAR10_CLASSES, decodeRecords } = await import('@xcp/cifar10');
const { defaultServices, processIo, run } = await import('@xcp/cli');

let [...args] = process.argv.slice(2);
const services = defaultServices(process.cwd());
if (args[0] === '--records') {
  const [train, test] = args.slice(1, 3).map((path) => decodeRecords(readFileSync(path)));
  services.loadCifar10 = async () => ({ train, test, classNames: CIFAR10_CLASSES });
  args = args.slice(3);
}
process.exitCode = await run(args, processIo(), services);
