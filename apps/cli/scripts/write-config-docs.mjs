// Writes docs/configuration.md and schema/config.schema.json from the configuration's schema, as built.
import { writeFileSync } from 'node:fs';
import { configJsonSchema, configMarkdown } from '../dist/index.js';

const write = (path, text) => writeFileSync(new URL(path, import.meta.url), text);

write('../schema/config.schema.json', `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
write('../../../docs/configuration.md', configMarkdown());
