import type { ResolvedXceptionConfig } from './config';

type Blocks = Pick<ResolvedXceptionConfig, 'entryFilters' | 'middleBlocks'>;

/** The numbers of the blocks that have a shortcut, in the order of their depth: 2 to 13 in the paper's network. */
export function blocksOf({ entryFilters, middleBlocks }: Blocks): number[] {
  return Array.from({ length: entryFilters.length + middleBlocks + 1 }, (_, i) => i + 2);
}

/** The number of the exit flow's block with a shortcut: 13 in the paper's network. */
export const exitBlockOf = (c: Blocks): number => blocksOf(c).at(-1)!;

/** The chance that a training step leaves out the residual branch of a block. */
export function dropPathOf(c: Blocks & Pick<ResolvedXceptionConfig, 'dropPath'>, block: number): number {
  const blocks = blocksOf(c);
  return (c.dropPath * (blocks.indexOf(block) + 1)) / blocks.length;
}
