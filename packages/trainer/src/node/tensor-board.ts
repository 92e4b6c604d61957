import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TrainCallback } from '../callbacks';
import { fileVersion, type Moment, scalars, sessionStart, text } from '../tensorboard/event';
import { tfRecord } from '../tensorboard/record';
import { errorCode } from './file-system';
import { writeSynced } from './line-file';

export interface TensorBoardOptions {
  /** Milliseconds since 1970. Default `Date.now`. */
  now?: () => number;
}

const FILE = /^events\.out\.tfevents\.(\d+)\.xcp\.\d+$/;

/** What stands in events for other reasons than to be drawn. */
const unplotted = ['step', 'totalSteps', 'epoch', 'epochs', 'secondsLeft'];

/**
 * A callback that writes events for TensorBoard into a folder: every number of the log events as `train/…`, every epoch
 * as `epoch/…`, `validation/…` and `ema/…`, and the configuration as a text.
 *
 * Each session of a run writes a file of its own. It begins where the checkpoint was, at which TensorBoard drops what an
 * earlier session told of later steps, as it does where the run is rolled back. Epochs cut short are left out, since a resumed run completes them.
 *
 * @example await train({ model, trainData, config, callbacks: [tensorBoard('runs/first')] });
 * @throws (the run, when it begins) if the folder cannot be written, or a new run finds events of another in it.
 */
export function tensorBoard(folder: string, { now = Date.now }: TensorBoardOptions = {}): TrainCallback {
  let path: string;
  const at = (step: number): Moment => ({ wallTime: now() / 1000, step });
  const write = (...events: Uint8Array[]) => {
    writeSynced(path, 'a', Buffer.concat(events.map(tfRecord)));
  };
  return {
    onTrainBegin({ resumed, step, config }) {
      const earlier = eventFiles(folder);
      if (!resumed && earlier.length > 0) {
        throw new Error(
          `tensorBoard: \`folder\` must hold no events for a new run, received '${folder}' with '${earlier[0]}'; ` +
            'resume the run that wrote them, delete them or name another folder',
        );
      }
      mkdirSync(folder, { recursive: true });
      path = join(folder, nextName(earlier, now()));
      write(
        fileVersion(at(0)),
        sessionStart(at(step + 1)),
        text(at(step), 'config', `\`\`\`json\n${JSON.stringify(config, null, 2)}\n\`\`\``),
      );
    },
    onRollback({ toStep }) {
      write(sessionStart(at(toStep + 1)));
    },
    onLog(event) {
      write(scalars(at(event.step), tagged('train', event)));
    },
    onEpochEnd({ complete, validation, ema, ...figures }) {
      if (!complete) return;
      const judged = (name: string, figures: typeof validation) =>
        figures && { [`${name}/loss`]: figures.loss, [`${name}/accuracy`]: figures.accuracy };
      const values = {
        ...tagged('epoch', figures),
        ...judged('validation', validation),
        ...judged('ema', ema),
      };
      write(scalars(at(figures.step), values));
    },
  };
}

function tagged(group: string, figures: object): Record<string, number> {
  const drawn = Object.entries(figures).filter(
    ([key, value]) => typeof value === 'number' && !unplotted.includes(key),
  );
  return Object.fromEntries(drawn.map(([key, value]) => [`${group}/${key}`, value]));
}

/** A name that sorts after the earlier ones, as TensorBoard reads files in the order of their names. */
function nextName(earlier: readonly string[], now: number): string {
  const latest = Math.max(0, ...earlier.map((name) => Number(FILE.exec(name)![1])));
  const seconds = Math.max(latest, Math.floor(now / 1000));
  return `events.out.tfevents.${seconds}.xcp.${String(earlier.length).padStart(4, '0')}`;
}

function eventFiles(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => FILE.test(name));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
