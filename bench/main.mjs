// pnpm bench: side by side by default, or one of the other programs by its option.
const programs = {
  '--data': './data.mjs',
  '--profile': './profile.mjs',
  '--scaling': './scaling.mjs',
  '--memory': './memory.mjs',
  '--loop': './loop.mjs',
  '--mpi': './mpi.mjs',
};

const option = Object.keys(programs).find((name) => process.argv.includes(name));
try {
  await import(option ? programs[option] : './compare.mjs');
} catch (error) {
  if (!error.code?.startsWith('ERR_PARSE_ARGS')) throw error;
  console.error(`bench: ${error.message}; bench/README.md lists the options`);
  process.exitCode = 1;
}
