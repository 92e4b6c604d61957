export type { ResolvedXceptionConfig, StemConfig, XceptionConfig } from './config';
export { countParameters, type ParameterCounts } from './count-parameters';
export { minInputSize } from './min-input-size';
export { resolveConfig } from './resolve-config';
export { xceptionVariants } from './variants';
export { xception } from './xception';
