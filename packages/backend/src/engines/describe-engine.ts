import type { ChosenEngine, EngineName } from './engine';

/** The engine and, in the same line, why each earlier one was passed over. */
export function describeEngine(engine: ChosenEngine): string {
  const passed = engine.passedOver.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
  const device = engine.device === undefined ? '' : `, device ${engine.device}`;
  return `${engine.name} (${engine.detail}${device})${passed && `; passed over ${passed}`}`;
}

/** What to say where only plain JavaScript is left, and what would help. */
export function slowEngineWarning(engine: ChosenEngine): string | undefined {
  if (engine.name !== 'cpu') return undefined;
  const why = (name: EngineName, what: string) => {
    const passed = engine.passedOver.find((other) => other.name === name);
    return passed ? ` ${what} of @xcp/backend: ${passed.reason}.` : '';
  };
  const reason = why('xcp', 'The addon') + why('xcp-wasm', 'The WebAssembly kernels');
  return (
    `The cpu engine is plain JavaScript and very slow (minutes a step for the full network).${reason} ` +
    'Install a C++ compiler (Debian: apt-get install g++ make python3; macOS: xcode-select --install) and build ' +
    'again, or install @tensorflow/tfjs-node.'
  );
}
