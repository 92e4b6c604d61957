// Runs `xcp` on a few images: node child.mjs <train.bin> <test.bin> <arguments of xcp>, both in the format of CIFAR-10.
// With XCP_TEST_PIDS each rank tells its process.
import { readFileSync, writeSync } from 'node:fs';
import { CIFAR10_CLASSES, decodeRecords } from '@xcp/cifar10';
import { defaultServices, processIo, run } from '@xcp/cli';

const [trainFile, testFile, ...args] = process.argv.slice(2);
const [train, test] = [trainFile, testFile].map((path) => decodeRecords(readFileSync(path)));
const services = defaultServices(process.cwd());
services.loadCifar10 = async () => ({ train, test, classNames: CIFAR10_CLASSES });
const rank = process.env.OMPI_COMM_WORLD_RANK ?? process.env.PMI_RANK;
if (process.env.XCP_TEST_PIDS) writeSync(1, `${JSON.stringify({ rank: Number(rank), pid: process.pid })}\n`);
process.exitCode = await run(args, processIo(), services);
