import type { OutOfMemoryEvent, RollbackEvent, TrainCallback } from '@xcp/trainer';
import { epochHeading, epochRow } from '../terminal/epoch-table';
import type { Output } from '../terminal/output';
import { logLine } from '../terminal/progress-line';

/** Tells people and programs how the training goes. */
export function progressReporter(output: Output): TrainCallback {
  let averaged = false;
  let heading = '';
  /** Over the epochs, and again where the terminal has become another one that shows other columns. */
  const sayHeading = () => {
    const wanted = epochHeading(averaged, output.columns);
    if (wanted !== heading) output.say(output.colors.dim(wanted));
    heading = wanted;
  };
  return {
    onTrainBegin({ config }) {
      averaged = config.ema !== null;
      sayHeading();
    },
    onLog(event) {
      if (!output.isTerminal) output.say(logLine(event));
      output.emit({ event: 'log', ...event });
    },
    onEpochEnd(event) {
      const { validation, ema, ...figures } = event;
      const told = { ...figures, validation: short(validation), ema: short(ema) };
      const { ema: _, ...without } = told;
      sayHeading();
      output.say(epochRow(averaged ? told : without, output.columns));
      output.emit({ event: 'epoch', ...told });
    },
    onRollback(event) {
      output.say(output.colors.yellow(rollbackLine(event)));
      output.emit({ event: 'rollback', ...event });
    },
    onOutOfMemory(event) {
      output.say(output.colors.yellow(outOfMemoryLine(event)));
      output.emit({ event: 'outOfMemory', ...event });
    },
    onCheckpoint(event) {
      output.emit({ event: 'checkpoint', ...event });
    },
  };
}

const rollbackLine = ({ reason, toStep, learningRateFactor }: RollbackEvent) =>
  `diverged: ${reason}; going on from step ${toStep} with the learning rate × ${learningRateFactor}`;

const outOfMemoryLine = ({ during, microBatchSize, reason }: OutOfMemoryEvent) =>
  `out of memory in ${during}: going on with ${microBatchSize} images at a time (${reason})`;
const short = (judged: { loss: number; accuracy: number } | null) =>
  judged && { loss: judged.loss, accuracy: judged.accuracy };
