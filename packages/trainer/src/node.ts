export { abortOnSignals, type EndingSignal, SignalAbort, type SignalAborter } from './node/abort-on-signals';
export { csvFile } from './node/csv-file';
export { exportModel, modelFolder } from './node/export-model';
export { type FileStoreOptions, fileStore } from './node/file-store';
export type { FileSystem } from './node/file-system';
export { loadModel } from './node/load-model';
export { type EpochRow, type LogRow, type MetricsRow, metricsFile, readMetrics } from './node/metrics-file';
export { type ReadInit, readInit } from './node/read-init';
export { type TensorBoardOptions, tensorBoard } from './node/tensor-board';
