import type { Progress } from '../terminal/progress-line';

/** What a step in the middle of a long run tells. */
export const progress: Progress = {
  epoch: 100,
  epochs: 200,
  step: 17_500,
  totalSteps: 35_200,
  loss: 1.23456,
  accuracy: 0.5625,
  learningRate: 0.0449999,
  imagesPerSecond: 1234.5,
  secondsLeft: 3723,
};
