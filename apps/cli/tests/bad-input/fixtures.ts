import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportModel } from '@xcp/trainer/node';
import { xception } from '@xcp/xception';
import { encode } from 'fast-png';
import { CARD, type ModelCard } from '../../src/trained/model-card';

/** Runs, models, images and files, each with one fault, in a folder of their own. */
export async function makeFixtures(run: string, livingProcess: number): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'xcp-bad-'));
  const put = (path: string, content: string | Uint8Array) => writeFileSync(join(folder, path), content);
  const copy = (name: string) => cpSync(run, join(folder, name), { recursive: true });
  const remove = (path: string) => rmSync(join(folder, path), { recursive: true });
  mkdirSync(join(folder, 'nothing'));
  put('text.txt', 'hello\n');
  put('list.json', '[1]');
  put('torn.json', '{"epochs": ');
  put('wrong.json', '{"epochs": "many"}');
  put('keys.json', '{"epoch": 1}');
  put('sweep.json', '{"grid": {"seed": [0, 1]}}');
  put('no-grid.json', '{"config": {"epochs": 1}}');
  put('wrong-grid.json', '{"grid": {"epochs": [0]}}');
  putImages(put);

  for (const name of ['begun', 'locked']) {
    copy(name);
    for (const path of ['result.json', 'model']) remove(join(name, path));
  }
  const holder = { pid: livingProcess, host: hostname(), boot: null, space: null, began: null };
  const lock = { ...holder, token: 'another', since: '2026-11-27T10:00:00Z' };
  put('locked/checkpoints/.lock-1', JSON.stringify(lock));
  for (const [name, content] of [
    ['torn-config', '{"format": 1'],
    ['foreign-config', '{"compilerOptions": {}}'],
  ] as const) {
    mkdirSync(join(folder, name));
    put(`${name}/config.json`, content);
  }
  copy('torn-result');
  put('torn-result/result.json', '{"format"');
  copy('foreign-result');
  put('foreign-result/result.json', '{"ok": true}');
  copy('torn-mistakes');
  put('torn-mistakes/mistakes.json', '[');
  copy('cut-model');
  put('cut-model/model/weights.bin', readFileSync(join(run, 'model/weights.bin')).subarray(0, 100));
  copy('no-weights');
  remove('no-weights/model/weights.bin');
  copy('no-checkpoints');
  for (const path of ['result.json', 'model', 'checkpoints']) remove(join('no-checkpoints', path));
  mkdirSync(join(folder, 'foreign-model'));
  put('foreign-model/model.json', '{"name": "x"}');
  mkdirSync(join(folder, 'graph-model'));
  put('graph-model/model.json', '{"format": "graph-model", "modelTopology": {}, "weightsManifest": []}');
  await putModelOfFiveClasses(join(folder, 'five'));
  return folder;
}

function putImages(put: (path: string, content: Uint8Array) => void): void {
  const image = encode({ width: 8, height: 8, channels: 3, data: new Uint8Array(192).map((_, i) => i) });
  put('image.png', image);
  put('no-image.png', Buffer.from('hello\n'));
  put('empty.png', new Uint8Array());
  put('cut.png', image.subarray(0, image.length - 30));
  put('cut.jpg', Buffer.from('ffd8ffe000104a46494600010100', 'hex'));
}

async function putModelOfFiveClasses(path: string): Promise<void> {
  const config = { inputShape: [8, 8, 3], classes: 5, stem: 'cifar', width: 0.05, middleBlocks: 1 } as const;
  const model = xception({ ...config, inputShape: [8, 8, 3] });
  const card: ModelCard = {
    format: 1,
    model: { ...config, inputShape: [8, 8, 3] },
    classes: [...'abcde'],
    normalize: { mean: [0, 0, 0], std: [1, 1, 1] },
    size: 8,
  };
  model.setUserDefinedMetadata({ [CARD]: card });
  await exportModel(model, path);
  model.dispose();
}
