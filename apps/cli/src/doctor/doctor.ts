import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { EngineName } from '@xcp/backend/engines';
import type { Context } from '../context';
import { displayPath } from '../run-folder/display-path';
import type { Output } from '../terminal/output';
import { type DataFacts, dataFacts } from './data-facts';
import { doctorText } from './doctor-text';
import { type EngineFacts, engineFacts } from './engine-facts';
import { type SystemFacts, systemFacts } from './system-facts';

export interface DoctorReport {
  system: SystemFacts;
  data: DataFacts;
  engines: EngineFacts[];
  /** The engine that `auto` takes of those that train; null where none does. */
  auto: EngineName | null;
}

/** Finds out what this machine can train with; tells whether it can. */
export async function doctor(
  { services, io }: Context,
  output: Output,
  signal: AbortSignal,
): Promise<DoctorReport> {
  const system = systemFacts();
  const data = await dataFacts(services, io.cwd);
  const engines = await engineFacts(services.engines, {
    start: services.startRun(undefined, io.env),
    signal,
    buildScript: displayPath(buildScript(), io.cwd),
    onEngine: (name) => output.status((columns) => `trying ${name} …`.slice(0, columns)),
  });
  const auto = engines.find(({ state }) => state === 'trains')?.name ?? null;
  output.clear();
  const report = { system, data, engines, auto };
  output.say(doctorText(report, io.stdout.columns ?? 80, output.colors));
  return report;
}

function buildScript(): string {
  const manifest = createRequire(import.meta.url).resolve('@xcp/backend/package.json');
  return join(dirname(manifest), 'scripts', 'build-native.mjs');
}
