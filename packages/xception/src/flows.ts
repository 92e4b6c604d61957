import { exitBlockOf } from './blocks';
import { checkpointed } from './checkpoint';
import type { ResolvedXceptionConfig } from './config';
import { type Part, sequence } from './graph';
import { add, pool, relu, residual, separableConvBn, stemConvBn } from './parts';

/** Two plain convolutions: block 1. */
export function stem(c: ResolvedXceptionConfig): Part {
  return sequence(
    stemConvBn(c, 'block1_conv1', 0),
    relu('block1_conv1_act'),
    stemConvBn(c, 'block1_conv2', 1),
    ...(c.preActivation ? [] : [relu('block1_conv2_act')]),
  );
}

/** Blocks of two separable convolutions and a pool with a convolutional shortcut: blocks 2 to 4. */
export function entryFlow(c: ResolvedXceptionConfig): Part {
  const blocks = c.entryFilters.map((filters, i) =>
    downsamplingBlock(c, i + 2, [filters, filters], c.entryStrides[i]!, {
      // The stem has just ended in a rectifier.
      activated: i === 0 && !c.preActivation,
    }),
  );
  return sequence(...blocks);
}

/** Blocks of separable convolutions with an identity shortcut: blocks 5 to 12. */
export function middleFlow(c: ResolvedXceptionConfig): Part {
  const first = c.entryFilters.length + 2;
  const numbers = Array.from({ length: c.middleBlocks }, (_, i) => first + i);
  if (c.middleFlow !== 'distinct') {
    // What is shared is one layer, so it cannot have the sums of the blocks in it.
    const shared = checkpointed(c, first, middleConvs(c, first), `block${first}_convs`);
    return sequence(
      ...numbers.map(
        (block): Part =>
          (x) =>
            add(c, block, shared(x), x),
      ),
    );
  }
  const blocks = numbers.map((block) => {
    const convs = middleConvs(c, block);
    return checkpointed(c, block, (x) => add(c, block, convs(x), x));
  });
  return sequence(...blocks);
}

/** A block like the entry flow's, then separable convolutions with no shortcut: blocks 13 and 14. */
export function exitFlow(c: ResolvedXceptionConfig): Part {
  const block = exitBlockOf(c);
  const last = `block${block + 1}`;
  return sequence(
    downsamplingBlock(c, block, c.exitFilters, c.exitStride, { activated: false }),
    ...(c.preActivation ? [relu(`${last}_act`)] : []),
    ...c.finalFilters.flatMap((filters, i) => [
      separableConvBn(c, `${last}_sepconv${i + 1}`, filters),
      relu(`${last}_sepconv${i + 1}_act`),
    ]),
  );
}

function downsamplingBlock(
  c: ResolvedXceptionConfig,
  block: number,
  [first, second]: readonly [number, number],
  strides: number,
  { activated }: { activated: boolean },
): Part {
  const name = `block${block}`;
  const shortcut = residual(c, name, second, strides);
  const main = sequence(
    ...(activated ? [] : [relu(`${name}_sepconv1_act`)]),
    separableConvBn(c, `${name}_sepconv1`, first),
    relu(`${name}_sepconv2_act`),
    separableConvBn(c, `${name}_sepconv2`, second, { endsBranch: true }),
    pool(c, name, strides),
  );
  return checkpointed(c, block, (x) => add(c, block, main(x), shortcut(x)));
}

function middleConvs(c: ResolvedXceptionConfig, block: number): Part {
  const filters = c.entryFilters.at(-1)!;
  const applications = c.middleFlow === 'shared-with-own-statistics' ? c.middleBlocks : 1;
  const names = Array.from({ length: c.middleConvs }, (_, i) => `block${block}_sepconv${i + 1}`);
  return sequence(
    ...names.flatMap((name, i) => [
      relu(`${name}_act`),
      separableConvBn(c, name, filters, { applications, endsBranch: i === c.middleConvs - 1 }),
    ]),
  );
}
