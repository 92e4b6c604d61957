import { train } from '@xcp/trainer';
import { makeBatch } from '../network/data.mjs';
import { buildModel } from '../network/model.mjs';
import { SGD, trainingStep } from '../network/training.mjs';
import { BATCH, networkNamed, SIZE } from './networks.mjs';
import { noiseSource } from './source.mjs';

/** Rounds at the beginning that do not count, while functions are traced and compiled. */
const WARM_UPS = 3;

/**
 * Milliseconds of a step in `train()` and of the engine's step alone, by rounds: so many steps of the one, then of the
 * other, so that whatever the machine does meanwhile falls on both.
 */
export async function compareLoop({ network, config, rounds, steps }) {
  const layout = { size: SIZE, batch: BATCH, network: networkNamed(network) };
  const engineStep = trainingStep(buildModel(layout), makeBatch(layout));
  const measured = [];
  let begun = performance.now();

  const onStep = ({ step }) => {
    if (step % steps !== 0) return;
    const loop = (performance.now() - begun) / steps;
    const before = performance.now();
    for (let i = 0; i < steps; i++) engineStep();
    measured.push({ loop, engine: (performance.now() - before) / steps });
    begun = performance.now();
  };
  await train({
    model: buildModel(layout),
    trainData: noiseSource({ stepsPerEpoch: (WARM_UPS + rounds) * steps }),
    config: {
      epochs: 1,
      optimizer: { name: 'sgd', momentum: SGD.momentum },
      schedule: { name: 'constant', learningRate: SGD.learningRate },
      ...config,
    },
    callbacks: [{ onStep }],
  });
  return measured.slice(WARM_UPS);
}
