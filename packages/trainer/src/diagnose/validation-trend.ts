import { type Curves, type Diagnosis, figure } from './diagnosis';
import { trendOf } from './trend';

/** A fall per epoch, as a share of the loss, that is not worth an epoch. */
const NEGLIGIBLE = 0.005;

/** Whether the validation loss still falls at the end, or has stopped; null where the noise allows neither. */
export function validationTrend({ validated }: Curves): Diagnosis | null {
  const length = Math.max(5, Math.ceil(validated.length / 3));
  if (validated.length < length) return null;
  const last = validated.slice(-length);
  const { slope, standardError, margin, level } = trendOf(
    last.map(({ epoch, validation }) => ({ x: epoch, y: validation.loss })),
  );
  const over = `per epoch over the last ${last.at(-1)!.epoch - last[0]!.epoch + 1} epochs`;
  const change = `${figure(Math.abs(slope))} ± ${figure(standardError)} ${over}`;
  if (slope < -margin) {
    return {
      kind: 'stillFalling',
      severity: 'info',
      title: 'The validation loss was still falling',
      evidence: `validation loss fell by ${change}`,
      advice: ['train longer: half as many epochs again', 'let the schedule end with the run'],
    };
  }
  if (slope - margin > -NEGLIGIBLE * level && slope <= margin) {
    return {
      kind: 'plateaued',
      severity: 'good',
      title: 'The validation loss has stopped falling',
      evidence: `validation loss ${figure(level)}, changing by ${change}`,
      advice: [
        'more epochs at this rate will not help: lower the rate for the last ones, if it is not low already',
        'average the weights (`ema`)',
      ],
    };
  }
  return null;
}
