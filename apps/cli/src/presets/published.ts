/** What the reference experiments are published to have reached. */
export interface Published {
  preset: string;
  /** As it was written, for some figures are rough. */
  accuracy: string;
  /** On its one consumer GPU. */
  time: string;
  /** Test accuracy per class, in the order of CIFAR-10's classes. */
  perClass?: readonly number[];
}

export const published: readonly Published[] = [
  { preset: 'reference-299', accuracy: '87 % validation, 85 % test', time: 'about 10 hours' },
  { preset: 'reference-32-adam', accuracy: '66–67 % validation', time: 'more than 1 hour' },
  { preset: 'reference-32-long', accuracy: 'about 69 %', time: 'about 2 hours' },
  { preset: 'reference-128', accuracy: '84 %', time: 'about 8 hours' },
  {
    preset: 'reference-128-long',
    accuracy: '87 %',
    time: 'about 16 hours',
    perClass: [0.89, 0.88, 0.81, 0.74, 0.86, 0.79, 0.91, 0.91, 0.92, 0.88],
  },
];

/** The reference's only table of classes. */
export const publishedPerClass = published.find(({ perClass }) => perClass)!.perClass!;
