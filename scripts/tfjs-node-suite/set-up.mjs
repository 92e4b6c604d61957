import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { nodeHeaders } from '../../packages/backend/scripts/node-headers.mjs';
import { npm } from '../check-packages/package-managers.mjs';
import { run } from '../check-packages/run.mjs';
import { root } from '../environment.mjs';

const TFJS_NODE = '4.22.0';

/** The version that the suite was last run with. */
const TENSORFLOW = '2.21.0';

const nodeGyp = () =>
  createRequire(join(root, 'packages/backend/package.json')).resolve('node-gyp/bin/node-gyp.js');

/** Makes `folder` one from which `@tensorflow/tfjs-node` can be loaded; what is there already is kept. */
export function setUp(folder, python) {
  const home = join(folder, 'node_modules', '@tensorflow', 'tfjs-node');
  const binding = join(home, 'lib', 'napi-v8', 'tfjs_binding.node');
  if (existsSync(binding)) return;

  if (!existsSync(home)) {
    console.log(`npm: @tensorflow/tfjs-node ${TFJS_NODE}, without its install script`);
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    const tfjsNode = `@tensorflow/tfjs-node@${TFJS_NODE}`;
    npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', tfjsNode], { cwd: folder });
  }
  const packages = join(folder, 'python');
  if (!existsSync(join(packages, 'tensorflow', 'libtensorflow_cc.so.2'))) {
    console.log(`pip: tensorflow-cpu ${TENSORFLOW}`);
    const wanted = `tensorflow-cpu==${TENSORFLOW}`;
    run(python, ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', packages, wanted]);
  }
  linkLibrary(join(packages, 'tensorflow'), join(home, 'deps'));
  console.log('node-gyp: the binding');
  build(home, binding);
}

/** Puts TensorFlow where the binding looks for it, under the names of its archive of the C library. */
function linkLibrary(tensorflow, deps) {
  const links = {
    include: 'include',
    'lib/libtensorflow.so': 'libtensorflow_cc.so.2',
    'lib/libtensorflow_cc.so.2': 'libtensorflow_cc.so.2',
    'lib/libtensorflow_framework.so': 'libtensorflow_framework.so.2',
    'lib/libtensorflow_framework.so.2': 'libtensorflow_framework.so.2',
  };
  mkdirSync(join(deps, 'lib'), { recursive: true });
  for (const [link, target] of Object.entries(links)) {
    if (!existsSync(join(deps, link))) symlinkSync(join(tensorflow, target), join(deps, link));
  }
}

function build(home, binding) {
  const headers = nodeHeaders();
  const args = [
    nodeGyp(),
    'rebuild',
    '--release',
    ...(headers ? ['--nodedir', headers] : []),
    // What node-pre-gyp would tell it.
    `--module=${binding}`,
    '--module_name=tfjs_binding',
    `--module_path=${join(binding, '..')}`,
    '--napi_version=8',
    '--napi_build_version=8',
    '--node_abi_napi=napi',
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: home, encoding: 'utf8' });
  if (status !== 0 || !existsSync(binding)) throw new Error(`node-gyp failed\n${stdout}${stderr}`);
}
