// What Node.js, Deno and Bun run: prints one line, and must end by itself although workers exist.
import { readData } from './data.mjs';
import { train } from './train.mjs';

console.log(JSON.stringify({ ...readData(), ...(await train(globalThis.process.argv[2])) }));
