// npm start: from a fresh clone to a trained network. Arguments after `--` go to `xcp train`:
//   npm start -- --set epochs=1
import { join } from 'node:path';
import { root } from './environment.mjs';
import { show } from './phase.mjs';
import { main, setUp } from './set-up.mjs';

await main(async () => {
  const env = await setUp();
  const xcp = join(root, 'apps', 'cli', 'dist', 'main.js');
  const args = [xcp, 'train', '--preset', 'quickstart', ...process.argv.slice(2)];
  return show(process.execPath, args, { cwd: root, env });
});
