import type { OutOfMemoryEvent, RollbackEvent, TrainCallback } from '@xcp/trainer';
import { epochHeading, epochRow } from '../terminal/epoch-table';
import type { Output } from '../terminal/output';
import { barLine, logLine } from '../terminal/progress-line';

/** Tells people and programs how the training goes. */
export function progressReporter(output: Output): TrainCallback {
  return {
    onTrainBegin() {
      output.say(output.colors.dim(epochHeading()));
    },
    onStep(event) {
      output.status((columns) => barLine(event, columns));
    },
    onLog(event) {
      if (!output.isTerminal) output.say(logLine(event));
      output.emit({ event: 'log', ...event });
    },
    onEpochEnd(event) {
      const { validation, ...figures } = event;
      const judged = validation && { loss: validation.loss, accuracy: validation.accuracy };
      output.say(epochRow({ ...event, validation: judged }));
      output.emit({ event: 'epoch', ...figures, validation: judged });
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
