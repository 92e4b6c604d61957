// Prints what the engines of the command line say of themselves in this runtime where they are insisted on, as one line
// of JSON.
import { defaultServices } from '@xcp/cli';

const told = [];
for (const engine of defaultServices(process.cwd()).engines) {
  const probe = await engine
    .probe({ insisted: true })
    .catch(({ message }) => ({ available: false, reason: message }));
  told.push({ engine: engine.name, ...probe });
}
console.log(JSON.stringify(told));
