export { type ReadCifar10Options, readCifar10 } from './browser/read-cifar10';
