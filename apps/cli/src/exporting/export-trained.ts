import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { portable } from '@xcp/layers';
import { exportModel, modelFolder } from '@xcp/trainer/node';
import { exportGraphModel, exportKerasH5, exportOnnx, exportSafetensors } from '@xcp/xception';
import { messageOf, UserError } from '../errors';
import { writeFile } from '../run-folder/write-file';
import { CARD } from '../trained/model-card';
import type { Trained } from '../trained/open-trained';

/** What a model can be exported to, each with the name it goes by and what it is. */
export const exportFormats = {
  tfjs: 'a folder that plain TensorFlow.js loads: model.json and weights.bin',
  'tfjs-graph': 'such a folder as a graph model: plain ops, for inference, no layers',
  safetensors: 'the weights alone; --names xcp, keras or timm (for PyTorch)',
  keras: 'the weights as a Keras .h5 file',
  onnx: 'an .onnx file for inference, float32',
} as const;

export type ExportFormat = keyof typeof exportFormats;

export interface ExportOptions {
  format: ExportFormat;
  path: string;
  /** Names of the classes, in place of those that the model tells. */
  labels?: readonly string[] | undefined;
  /** Of safetensors. */
  names: 'xcp' | 'keras' | 'timm';
  float: 'F32' | 'F16';
}

/**
 * Writes a trained model in another form.
 *
 * @throws UserError where the path holds something already, cannot be written, or the model has no place in the format.
 */
export async function exportTrained({ model, card }: Trained, options: ExportOptions): Promise<void> {
  const { format, path, labels } = options;
  if (existsSync(path)) {
    throw new UserError(`--out: must be new, received "${path}", which is there already; name another`);
  }
  const classes = labels ?? card.classes;
  if (classes.length !== card.classes.length) {
    throw new UserError(
      `--labels: must name the model's ${card.classes.length} classes, received ${classes.length}`,
    );
  }
  try {
    if (format === 'tfjs') {
      model.setUserDefinedMetadata({ [CARD]: { ...card, classes } });
      await exportModel(model, path, portable);
      return;
    }
    if (format === 'tfjs-graph') {
      const userDefinedMetadata = { [CARD]: { ...card, classes } };
      await modelFolder(path).save!({ ...(await exportGraphModel(model)), userDefinedMetadata });
      return;
    }
    const bytes = await bytesOf(model, options);
    mkdirSync(dirname(path), { recursive: true });
    writeFile(path, bytes);
  } catch (error) {
    throw new UserError(
      `export: the model cannot be written to "${path}" as ${format} (${messageOf(error)})`,
    );
  }
}

function bytesOf(model: Trained['model'], { format, names, float }: ExportOptions): Promise<Uint8Array> {
  switch (format) {
    case 'safetensors':
      return exportSafetensors(model, { names, float });
    case 'keras':
      return exportKerasH5(model);
    default:
      return exportOnnx(model);
  }
}
