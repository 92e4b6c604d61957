export { whyNoMpi } from './addon';
export {
  type Compression,
  createMpiCollective,
  type MpiCollective,
  type MpiOptions,
} from './create-mpi-collective';
export { type Launched, launchedByMpi } from './launched';
