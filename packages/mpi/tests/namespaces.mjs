// Runs a program on ranks that have a network namespace, an address and a host name each, as on machines of their own:
//
//   node packages/mpi/tests/namespaces.mjs [--nodes 2] [--rate 1gbit] [--delay 1ms] -- <program> [arguments]
//
// For Linux, as root, with iproute2, unshare and Open MPI. What travels goes by TCP over a bridge, slowed down as told.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values: options, positionals: program } = parseArgs({
  options: {
    nodes: { type: 'string', default: '2' },
    rate: { type: 'string' },
    delay: { type: 'string' },
  },
  allowPositionals: true,
});
const nodes = Array.from({ length: Number(options.nodes) }, (_, i) => i + 1);
const bridge = 'xcp-bridge';
const nameOf = (node) => `xcp-${node}`;
const addressOf = (node) => `10.77.0.${node}`;

function sh(command, ...args) {
  const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr.trim()}`);
}

function setUp(node) {
  const name = nameOf(node);
  sh('ip', 'netns', 'add', name);
  sh('ip', 'link', 'add', name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
  sh('ip', 'link', 'set', name, 'master', bridge, 'up');
  const inside = (...args) => sh('ip', 'netns', 'exec', name, ...args);
  inside('ip', 'address', 'add', `${addressOf(node)}/24`, 'dev', 'eth0');
  inside('ip', 'link', 'set', 'lo', 'up');
  inside('ip', 'link', 'set', 'eth0', 'up');
  for (const discipline of slowness()) inside('tc', 'qdisc', 'add', 'dev', 'eth0', ...discipline);
}

/** A token bucket for the rate, since not every kernel has netem, which delays. */
function slowness() {
  const { rate, delay } = options;
  const [, number, unit] = /^(\d+)(mbit|gbit)$/.exec(rate ?? '1gbit') ?? [];
  if (!number) throw new Error(`--rate must be like 100mbit or 10gbit, received ${rate}`);
  // What may pass at once: five milliseconds' worth, and the largest packet at least.
  const bytes = (Number(number) * (unit === 'gbit' ? 1e9 : 1e6)) / 8;
  const burst = String(Math.max(65_536, Math.ceil(bytes * 0.005)));
  return [
    ...(rate ? [['root', 'handle', '1:', 'tbf', 'rate', rate, 'burst', burst, 'latency', '5ms']] : []),
    ...(delay ? [[...(rate ? ['parent', '1:1'] : ['root']), 'netem', 'delay', delay]] : []),
  ];
}

function tearDown() {
  for (const node of nodes) spawnSync('ip', ['netns', 'delete', nameOf(node)]);
  spawnSync('ip', ['link', 'delete', bridge]);
}

const folder = mkdtempSync(join(tmpdir(), 'xcp-namespaces-'));
/** In place of ssh: what Open MPI starts on a host runs in its namespace, under a name of its own. */
const agent = join(folder, 'agent.sh');
writeFileSync(
  agent,
  `#!/bin/sh
node=\${1##*.}; shift
exec ip netns exec xcp-$node unshare --uts sh -c 'hostname "$0" && eval "$@"' node-$node "$@"
`,
);
chmodSync(agent, 0o755);

tearDown();
try {
  sh('ip', 'link', 'add', bridge, 'type', 'bridge');
  sh('ip', 'link', 'set', bridge, 'up');
  nodes.forEach(setUp);
  const hosts = nodes.map((node) => `${addressOf(node)}:1`).join(',');
  const mca = {
    plm_rsh_agent: agent,
    btl: 'tcp,self',
    btl_tcp_if_include: 'eth0',
    oob_tcp_if_include: 'eth0',
  };
  const mpirun = [
    'mpirun',
    ...['-q', '--host', hosts, '--bind-to', 'none'],
    ...(process.env.XCP_MPI_TIMEOUT ? ['-x', 'XCP_MPI_TIMEOUT'] : []),
    ...Object.entries(mca).flatMap(([key, value]) => ['--mca', key, value]),
    ...program,
  ];
  const first = [
    'netns',
    'exec',
    nameOf(1),
    'unshare',
    '--uts',
    'sh',
    '-c',
    'hostname node-1 && exec "$@"',
    'sh',
  ];
  const { status } = spawnSync('ip', [...first, ...mpirun], {
    stdio: 'inherit',
    env: { ...process.env, OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1' },
  });
  process.exitCode = status ?? 1;
} finally {
  tearDown();
  rmSync(folder, { recursive: true, force: true });
}
