// Builds the addon for publishing: native/prebuilds/<platform>-<arch>/, where node-gyp-build finds it on machines
// without a compiler. Not committed to git; the release workflow gathers those of all platforms.
//
//   node scripts/prebuild.mjs [--arch arm64] [--strip aarch64-linux-gnu-strip]
//
// Another architecture than this machine's needs CC and CXX to name a cross compiler.
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import prebuildify from 'prebuildify';
import { nodeHeaders } from './node-headers.mjs';
import { recordAddon } from './record-addon.mjs';

const { values: options } = parseArgs({
  options: { arch: { type: 'string', default: arch() }, strip: { type: 'string', default: 'strip' } },
});
const native = fileURLToPath(new URL('../native', import.meta.url));

const headers = nodeHeaders();
if (headers) process.env.npm_config_nodedir = headers;
await promisify(prebuildify)({
  cwd: native,
  name: 'xcp',
  napi: true,
  targets: [{ runtime: 'node', target: process.version.slice(1) }],
  arch: options.arch,
  strip: platform() !== 'win32',
  stripBin: options.strip,
  tagLibc: platform() === 'linux',
  quiet: !process.env.XCP_VERBOSE,
});
const folder = `prebuilds/${platform()}-${options.arch}`;
console.log(`xcp backend: native/${folder}: ${readdirSync(join(native, folder)).join(', ')}`);

if (options.arch === arch()) {
  // A prebuild that does not load is worse than none.
  process.env.PREBUILDS_ONLY = '1';
  const reason = recordAddon(createRequire(import.meta.url)('node-gyp-build').path(native));
  console.log(reason ? `does not load: ${reason}` : 'loads');
  process.exitCode = reason ? 1 : 0;
}
