import type { Engine, Wish } from '@xcp/backend/engines';
import type { MpiCollective } from '@xcp/mpi';

/** An engine that takes the device of this rank, the first for the first on each machine, unless one is named. */
export function engineOfRank({
  localRank,
  localSize,
}: Pick<MpiCollective, 'localRank' | 'localSize'>): (engine: Engine) => Engine {
  return (engine) => {
    if (!engine.hasDevices || localSize === 1) return engine;
    const own = (wish: Wish = {}): Wish => ({ ...wish, device: wish.device ?? localRank });
    return {
      ...engine,
      probe: (wish) => engine.probe(own(wish)),
      activate: (wish) => engine.activate(own(wish)),
    };
  };
}
