import type { FromWorker, Run } from '../messages';
import { drawChart } from './chart';
import { element, say } from './element';
import { duration, percent } from './format';

const plain = (value: number) => String(Number(value.toPrecision(3)));

/** Shows the figures of a run, and its curves anew at most once a frame. */
export class RunView {
  private run: Run | null = null;
  private drawing = false;

  show(run: Run | null): void {
    this.run = run;
    for (const id of ['bar', 'curves']) element(id).hidden = run === null;
    for (const id of ['step', 'speed', 'left', 'kept']) element(id).textContent = '–';
    if (run) this.showStep(run.step);
    this.draw();
  }

  progress({ step, imagesPerSecond, secondsLeft }: Extract<FromWorker, { kind: 'progress' }>): void {
    this.showStep(step);
    element('speed').textContent = imagesPerSecond.toFixed(imagesPerSecond < 10 ? 1 : 0);
    element('left').textContent = duration(secondsLeft);
  }

  saved(step: number): void {
    element('kept').textContent = String(step);
  }

  point(point: Run['points'][number]): void {
    this.run?.points.push(point);
    this.draw();
  }

  epoch(record: Run['history'][number]): void {
    this.run?.history.push(record);
    this.draw();
  }

  /** Shows how many steps are done. */
  showStep(step: number): void {
    const run = this.run!;
    run.step = step;
    element('step').textContent = `${step} of ${run.totalSteps}`;
    element<HTMLProgressElement>('bar').value = step / run.totalSteps;
  }

  private draw(): void {
    if (this.drawing) return;
    this.drawing = true;
    requestAnimationFrame(() => {
      this.drawing = false;
      this.drawNow();
    });
  }

  private drawNow(): void {
    const { points = [], history = [], totalSteps = 1 } = this.run ?? {};
    const validated = history.flatMap(({ step, validation }) =>
      validation ? [{ step, ...validation }] : [],
    );
    const series = (key: 'loss' | 'accuracy') => [
      { name: 'train' as const, points: points.map((point) => ({ x: point.step, y: point[key] })) },
      { name: 'validation' as const, points: validated.map((point) => ({ x: point.step, y: point[key] })) },
    ];
    const steps = totalSteps;
    drawChart(element('loss'), {
      title: 'Loss',
      steps,
      series: series('loss'),
      format: plain,
      range: [0, 0.1],
    });
    const share = (value: number) => `${Math.round(100 * value)} %`;
    drawChart(element('accuracy'), {
      title: 'Accuracy',
      steps,
      series: series('accuracy'),
      format: share,
      range: [0, 1],
    });
    const rows = history.map(({ epoch, loss, accuracy, validation }) => {
      const row = document.createElement('tr');
      const cells = [
        String(epoch),
        loss.toFixed(4),
        percent(accuracy),
        validation ? validation.loss.toFixed(4) : '–',
        validation ? percent(validation.accuracy) : '–',
      ];
      for (const cell of cells) row.insertCell().textContent = cell;
      return row;
    });
    element('epoch-rows').replaceChildren(...rows);
  }
}

/** One line of an epoch, for those who hear the page. */
export function sayEpoch({ record, epochs }: Extract<FromWorker, { kind: 'epoch' }>): void {
  const { epoch, loss, validation } = record;
  const judged = validation ? `, ${percent(validation.accuracy)} of the validation right` : '';
  say('status', `Epoch ${epoch} of ${epochs} is done: loss ${loss.toFixed(3)}${judged}`);
}
