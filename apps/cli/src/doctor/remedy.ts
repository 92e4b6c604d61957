import type { EngineName } from '@xcp/backend/engines';

const TFJS_NODE = { cuda: '@tensorflow/tfjs-node-gpu', node: '@tensorflow/tfjs-node' };
const COMPILER =
  'a C++ compiler, make and Python 3 (Debian: apt-get install g++ make python3; macOS: xcode-select --install)';

/**
 * What would make an engine work that does not, as far as its reason tells.
 *
 * @param buildScript the script that builds the addon of `@xcp/backend`, as it can be typed
 */
export function remedyFor(name: EngineName, reason: string, buildScript: string): string | null {
  switch (name) {
    case 'cuda':
    case 'node':
      return tfjsNodeRemedy(name, reason);
    case 'xcp':
      return xcpRemedy(reason, buildScript);
    default:
      return null;
  }
}

function tfjsNodeRemedy(name: 'cuda' | 'node', reason: string): string {
  const library = TFJS_NODE[name];
  if (reason.includes('is not installed')) {
    return name === 'cuda'
      ? `for an NVIDIA GPU on Linux or Windows: npm install ${library}, with CUDA 11.2 and cuDNN 8.1`
      : `npm install ${library}; it is slower than xcp where xcp works`;
  }
  if (reason.includes('CUDA device')) {
    return 'see whether nvidia-smi lists the GPU, and whether libcudart.so.11.0 of CUDA 11.2 and libcudnn.so.8 of cuDNN 8.1 are on LD_LIBRARY_PATH';
  }
  return (
    `its install script may have been held back, or could not fetch libtensorflow: npm rebuild ${library} ` +
    '(pnpm: pnpm approve-builds; npm 11: npm approve-scripts)'
  );
}

function xcpRemedy(reason: string, buildScript: string): string {
  if (reason.includes('instruction set')) return 'leave XCP_ISA unset';
  return `with ${COMPILER} and npm install node-gyp, build it on this machine: node ${buildScript}`;
}
