import type * as tfl from '@tensorflow/tfjs-layers';
import { oneOf } from '../exporting/one-of';
import { readWeights } from '../exporting/read-weights';
import { rejectUnknownKeys } from '../unknown-keys';
import { encodeOnnx } from './encode';
import { foldBatchNorm } from './fold-batch-norm';
import { toGraph } from './to-graph';

export interface ExportOnnxOptions {
  /**
   * How images come in, and maps go out: `'NHWC'` as here, [batch, height, width, channels], the default; or
   * `'NCHW'` as in PyTorch. Inside, ONNX has the channels in front: with `'NHWC'` the graph begins with a
   * transposition.
   */
  layout?: 'NHWC' | 'NCHW';
  /**
   * Default `'fold'`: batch normalization is multiplied into the convolution in front of it, which is faster;
   * `'keep'` leaves nodes of its own, for tools that train on or quantize.
   */
  batchNorm?: 'fold' | 'keep';
}

/**
 * A model for inference as the bytes of an `.onnx` file (opset 17), float32, for batches of any size.
 *
 * Input and outputs have the names of their layers: of `xception`, `input_layer` and `predictions`. The file
 * holds the weights, so up to 2 GB. Takes every model that `xception` and `featureExtractor` build, and others
 * of the same layers, TensorFlow.js's own or those of `@xcp/layers`.
 *
 * @example await writeFile('xception.onnx', await exportOnnx(model, { layout: 'NCHW' }));
 * @throws if an option is unknown or out of its range, or naming the layer that ONNX cannot be written for.
 * @see onnx.ai/onnx/operators
 */
export async function exportOnnx(
  model: tfl.LayersModel,
  options: ExportOnnxOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  rejectUnknownKeys('exportOnnx', options, ['layout', 'batchNorm']);
  const { layout = 'NHWC', batchNorm = 'fold' } = options;
  oneOf('exportOnnx', 'layout', layout, ['NHWC', 'NCHW']);
  oneOf('exportOnnx', 'batchNorm', batchNorm, ['fold', 'keep']);
  const graph = toGraph(model, await readWeights(model), layout === 'NHWC');
  return encodeOnnx(batchNorm === 'fold' ? foldBatchNorm(graph) : graph);
}
