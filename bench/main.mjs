// pnpm bench: side by side by default, or one of the other programs by its option.
const programs = { '--profile': './profile.mjs', '--scaling': './scaling.mjs' };

const option = Object.keys(programs).find((name) => process.argv.includes(name));
await import(option ? programs[option] : './compare.mjs');
