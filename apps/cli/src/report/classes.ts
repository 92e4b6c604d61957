import { CIFAR10_CLASSES } from '@xcp/cifar10';
import type { ClassAccuracy, Evaluation } from '@xcp/trainer';
import { html, type Markup } from '../page/markup';
import { publishedPerClass } from '../presets/published';
import { formatPercent } from '../terminal/format';
import type { RunReport } from './run-report';

/** Accuracy per class beside the reference's, and which classes are taken for which. */
export function classes({ result }: RunReport): Markup {
  if (!result?.test) return html``;
  const { perClass, confusion } = result.test;
  return html`<h2>Classes</h2>
<div class="scroll" tabindex="0" role="group" aria-label="Accuracy per class">${table(perClass)}</div>
<h2>Confusion</h2>
<p class="soft">Rows are what an image is, columns what it was taken for; the number of test images.</p>
<div class="scroll" tabindex="0" role="group" aria-label="Confusion matrix">${matrix(perClass, confusion)}</div>`;
}

function table(perClass: readonly ClassAccuracy[]): Markup {
  const reference = (name: string) => publishedPerClass[(CIFAR10_CLASSES as readonly string[]).indexOf(name)];
  const share = (value: number | undefined, digits: number) =>
    value === undefined || Number.isNaN(value) ? '–' : formatPercent(value, digits);
  return html`<table>
<thead><tr><th scope="col">class</th><th scope="col">accuracy</th><th scope="col">right</th><th scope="col">of</th><th scope="col">reference, 128×128, 16 GPU hours</th></tr></thead>
<tbody>${perClass.map(
    ({ name, accuracy, correct, total }) =>
      html`<tr><th scope="row">${name}</th><td>${share(accuracy, 1)}</td><td>${correct}</td><td>${total}</td><td>${share(reference(name), 0)}</td></tr>`,
  )}</tbody></table>`;
}

function matrix(perClass: readonly ClassAccuracy[], confusion: Evaluation['confusion']): Markup {
  // A mistake has to be seen beside cells that hold a hundred times as many.
  const tint = (count: number, total: number, right: boolean) =>
    count === 0
      ? undefined
      : `background:color-mix(in srgb,var(--${right ? 'c3' : 'c2'}) ${Math.round(45 * Math.sqrt(count / total))}%,transparent)`;
  return html`<table class="confusion">
<thead><tr><td></td>${perClass.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${perClass.map(
    ({ name, total }, label) =>
      html`<tr><th scope="row">${name}</th>${confusion[label]!.map(
        (count, prediction) =>
          html`<td style="${tint(count, total, label === prediction)}">${count || '·'}</td>`,
      )}</tr>`,
  )}</tbody></table>`;
}
