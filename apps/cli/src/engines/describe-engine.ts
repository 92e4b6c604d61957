import type { ChosenEngine } from './engine';

/** The engine and, in the same line, why each earlier one was passed over. */
export function describeEngine(engine: ChosenEngine): string {
  const passed = engine.passedOver.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
  return `${engine.name} (${engine.detail})${passed && `; passed over ${passed}`}`;
}

/** What to say where only plain JavaScript is left, and what would help. */
export function slowEngineWarning(engine: ChosenEngine): string | undefined {
  if (engine.name !== 'cpu') return undefined;
  const addon = engine.passedOver.find(({ name }) => name === 'xcp');
  const reason = addon ? ` The addon of @xcp/backend: ${addon.reason}.` : '';
  return (
    `The cpu engine is plain JavaScript and very slow (minutes a step for the full network).${reason} ` +
    'Install a C++ compiler (Debian: apt-get install g++ make python3; macOS: xcode-select --install) and build ' +
    'again, or install @tensorflow/tfjs-node.'
  );
}
