import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { resolveOptional } from './resolve-optional';

const home = mkdtempSync(join(tmpdir(), 'xcp-optional-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

it('finds what is installed above the folder, and nothing else', () => {
  const folder = join(home, 'app', 'node_modules', '@a', 'b');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.js'), '');
  mkdirSync(join(home, 'app', 'src'));
  expect(resolveOptional('@a/b', join(home, 'app', 'src'))).toBe(join(folder, 'index.js'));
  expect(resolveOptional('@a/b', home)).toBeUndefined();
  rmSync(join(folder, 'index.js'));
  expect(resolveOptional('@a/b', join(home, 'app'))).toBeUndefined();
});

const bun = process.env.XCP_BUN;
const why = bun ? '' : ' (skipped: XCP_BUN names no Bun)';

it.skipIf(!bun)(`never has Bun download what is not installed${why}`, async () => {
  let asked = 0;
  const registry = createServer((_, response) => {
    asked++;
    response.statusCode = 404;
    response.end();
  });
  await new Promise<void>((ready) => registry.listen(0, '127.0.0.1', ready));
  try {
    const url = `http://127.0.0.1:${(registry.address() as AddressInfo).port}`;
    // Bun looks for `node_modules` above the program that it runs.
    const program = join(home, 'program.ts');
    const source = fileURLToPath(new URL('resolve-optional.ts', import.meta.url));
    const run = async (text: string) => {
      writeFileSync(program, text);
      const env = { ...process.env, BUN_CONFIG_REGISTRY: url, BUN_INSTALL: join(home, 'bun') };
      return promisify(execFile)(bun!, [program], { cwd: home, env });
    };
    const { stdout } = await run(
      `import { resolveOptional } from ${JSON.stringify(source)};
       console.log(resolveOptional('xcp-not-there', ${JSON.stringify(home)}));`,
    );
    expect(stdout.trim()).toBe('undefined');
    expect(asked).toBe(0);
    // So it would, and the registry would notice.
    await run(`try { require.resolve('xcp-not-there'); } catch {}`);
    expect(asked).toBeGreaterThan(0);
  } finally {
    registry.close();
  }
});
