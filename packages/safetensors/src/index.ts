export { decodeSafetensors } from './decode';
export { encodeSafetensors, type SafetensorsOptions, safetensorsPieces } from './encode';
export type { NamedArray, NamedArrays } from './named-array';
