// Loads the addon from the path given and says whether that went well: in a process of its own, which it may end.
import { createRequire } from 'node:module';

try {
  const addon = createRequire(import.meta.url)(process.argv[2]);
  if (typeof addon.select !== 'function' || !addon.select('')) throw new Error('it is something else');
  console.log('\nloads');
} catch (error) {
  console.log(`\n${String(error?.message ?? error).split('\n')[0]}`);
}
