import { train } from '@xcp/trainer';
import { makeBatch } from '../network/data.mjs';
import { buildModel } from '../network/model.mjs';
import { SGD, trainingStep } from '../network/training.mjs';
import { BATCH, networkNamed, SIZE } from './networks.mjs';
import { noiseSource } from './source.mjs';

/** Rounds at the beginning that do not count, while functions are traced and compiled. */
const WARM_UPS = 3;

/**
 * Milliseconds, by `clock`, of a step in `train()` and of the engine's step alone, by rounds: so many steps of the one, then of the
 * other, so that whatever the machine does meanwhile falls on both.
 */
export async function compareLoop({ network, config, rounds, steps, clock }) {
  const layout = { size: SIZE, batch: BATCH, network: networkNamed(network) };
  const engineStep = trainingStep(buildModel(layout), makeBatch(layout));
  const measured = [];
  let begun = clock();

  const onStep = ({ step }) => {
    if (step % steps !== 0) return;
    const loop = (clock() - begun) / steps;
    const before = clock();
    for (let i = 0; i < steps; i++) engineStep();
    measured.push({ loop, engine: (clock() - before) / steps });
    begun = clock();
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
