// What Node.js, Deno and Bun run: prints one line, and must end by itself although workers exist.
import { train } from './train.mjs';

console.log(JSON.stringify(await train(globalThis.process.argv[2])));
