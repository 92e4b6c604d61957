import { blocksOf } from './blocks';
import {
  areCounts,
  isCount,
  isFraction,
  isPairOfCounts,
  isPositive,
  isWhole,
  must,
  mustBeOneOf,
  received,
} from './checks';
import { classifierActivations, kernelInitializers, middleFlows } from './choices';
import type { ResolvedXceptionConfig } from './config';

/** Throws at the first value of a configuration that is out of its range. */
export function checkValues(c: ResolvedXceptionConfig): void {
  checkShapes(c);
  checkTop(c);
  must(c, 'dropout', isFraction, 'at least 0 and below 1');
  must(c, 'dropPath', isFraction, 'at least 0 and below 1');
  must(c, 'batchNormMomentum', isFraction, 'at least 0 and below 1');
  must(c, 'batchNormEpsilon', isPositive, 'positive');
  mustBeOneOf(c, 'batchNormUnbiasedVariance', [true, false]);
  mustBeOneOf(c, 'kernelInitializer', kernelInitializers);
  mustBeOneOf(c, 'depthwiseInitializer', kernelInitializers);
  mustBeOneOf(c, 'pointwiseInitializer', kernelInitializers);
  mustBeOneOf(c, 'residualGammaInitializer', ['ones', 'zeros']);
  mustBeOneOf(c, 'classifierInitializer', [
    ...kernelInitializers.filter((name) => name !== 'identity'),
    'zeros',
  ]);
  must(c, 'seed', isWhole, 'a whole number of at least 0');
  checkBlocks(c);
}

function checkShapes(c: ResolvedXceptionConfig): void {
  const isShape = (value: unknown) => areCounts(value) && value.length === 3;
  must(c, 'inputShape', isShape, '[height, width, channels], positive integers');
  const blocks = c.entryFilters.length;
  const strides = (value: unknown) => areCounts(value) && value.length === blocks;
  must(c, 'entryStrides', strides, `${blocks} positive integers, one per entry block`);
  must(c, 'middleBlocks', isWhole, 'a whole number of at least 0');
  must(c, 'middleConvs', isCount, 'a positive integer');
  mustBeOneOf(c, 'middleFlow', middleFlows);
  must(c, 'exitFilters', isPairOfCounts, 'two positive integers');
  must(c, 'exitStride', isCount, 'a positive integer');
  must(c, 'finalFilters', areCounts, 'a list of positive integers');
  mustBeOneOf(c, 'padding', ['keras', 'torch']);
  must(c, 'width', isPositive, 'positive');
  mustBeOneOf(c, 'preActivation', [true, false]);
}

function checkTop(c: ResolvedXceptionConfig): void {
  must(c, 'classes', isCount, 'a positive integer');
  mustBeOneOf(c, 'includeTop', [true, false]);
  mustBeOneOf(c, 'pooling', ['avg', 'max', null]);
  mustBeOneOf(c, 'classifierActivation', classifierActivations);
  if (c.includeTop && c.pooling !== null) {
    throw new Error(
      'xception: `pooling` must be null where the classifier follows, which pools by the average, ' +
        `received ${received(c.pooling)}; add \`includeTop: false\` for pooled features`,
    );
  }
}

function checkBlocks(c: ResolvedXceptionConfig): void {
  const blocks = blocksOf(c);
  const isBlock = (value: unknown) => blocks.includes(value as number);
  const holds = (value: unknown) =>
    typeof value === 'boolean' || (Array.isArray(value) && value.every(isBlock));
  const range = `from ${blocks[0]} to ${blocks.at(-1)}`;
  must(
    c,
    'checkpointBlocks',
    holds,
    `true, false or a list of the numbers of blocks with a shortcut, ${range}`,
  );
  checkSharedBlocks(c);
}

function checkSharedBlocks(c: ResolvedXceptionConfig): void {
  if (!Array.isArray(c.checkpointBlocks) || c.middleFlow === 'distinct') return;
  const first = c.entryFilters.length + 2;
  const middle = Array.from({ length: c.middleBlocks }, (_, i) => first + i);
  const missing = middle.filter((block) => !(c.checkpointBlocks as number[]).includes(block));
  if (missing.length === 0 || missing.length === middle.length) return;
  throw new Error(
    'xception: `checkpointBlocks` must name all of the middle blocks or none, where they share their layers, ' +
      `received ${received(c.checkpointBlocks)}; add ${missing.join(', ')}`,
  );
}
