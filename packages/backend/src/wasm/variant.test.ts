import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { wasmFile, wasmIsas, wasmVariant } from './variant';

const bytes = (name: string) => readFileSync(new URL(`../../wasm/${name}`, import.meta.url));

describe('wasmVariant', () => {
  it('takes the best that this runtime validates', () => {
    for (const shared of [false, true]) {
      const best = wasmVariant(shared);
      expect(WebAssembly.validate(bytes(wasmFile(best)))).toBe(true);
      const better = wasmIsas.slice(0, wasmIsas.indexOf(best.isa));
      for (const isa of better) {
        expect(WebAssembly.validate(bytes(wasmFile({ isa, shared })))).toBe(false);
        expect(() => wasmVariant(shared, isa)).toThrow(`lacks the WebAssembly instruction set \`${isa}\``);
      }
    }
  });

  it('every build validates where there is relaxed SIMD', () => {
    const files = wasmIsas.flatMap((isa) => [false, true].map((shared) => wasmFile({ isa, shared })));
    const script = `for (const file of process.argv.slice(1))
      console.log(WebAssembly.validate(require('node:fs').readFileSync(file)))`;
    const paths = files.map((name) => new URL(`../../wasm/${name}`, import.meta.url).pathname);
    // Node 20 has it behind a flag, which later versions do not know any more.
    const flags = wasmVariant(false).isa === 'relaxed-simd' ? [] : ['--experimental-wasm-relaxed-simd'];
    const output = execFileSync(process.execPath, [...flags, '-e', script, ...paths], { encoding: 'utf8' });
    expect(output.trim().split('\n')).toEqual(files.map(() => 'true'));
  });
});
