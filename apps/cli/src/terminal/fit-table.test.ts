import { describe, expect, it } from 'vitest';
import { fitTable } from './fit-table';

const content = {
  head: ['key', 'A', 'B'],
  colAligns: ['left', 'right', 'right'] as const,
  rows: [
    ['model.entryFilters', '[64,128,256,728]', '–'],
    ['epochs', '5', '10'],
  ],
};

describe('fitTable', () => {
  it('draws a table where it fits', () => {
    const lines = fitTable(content, 80).split('\n');
    expect(lines[1]).toBe('│ key                │                A │  B │');
    expect(lines[3]).toBe('│ model.entryFilters │ [64,128,256,728] │  – │');
    expect(fitTable(content, lines[0]!.length)).toBe(lines.join('\n'));
  });

  it.each([20, 40, 43])(
    'sets the rows below each other within %i columns, and leaves nothing out',
    (columns) => {
      const lines = fitTable(content, columns).split('\n');
      for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(columns);
      expect(lines.join('').replaceAll(' ', '')).toBe('model.entryFiltersA[64,128,256,728]B–epochsA5B10');
    },
  );

  it('goes on below a value that is too long', () => {
    expect(fitTable(content, 18)).toBe(
      ['model.entryFilters', '  A  [64,128,256,7', '     28]', '  B  –', 'epochs', '  A  5', '  B  10'].join(
        '\n',
      ),
    );
  });
});
