import { describe, expect, it } from 'vitest';
import { visibleDevice } from './cuda-devices';

describe('visibleDevice', () => {
  it('is the first device by default, where tfjs-node takes the last', () => {
    expect(visibleDevice(undefined, undefined)).toBe('0');
    expect(visibleDevice(undefined, '2,3')).toBe('2');
  });

  it('counts within what is visible already', () => {
    expect(visibleDevice(1, undefined)).toBe('1');
    expect(visibleDevice(1, '4, 6')).toBe('6');
    expect(visibleDevice(0, 'GPU-8932f937')).toBe('GPU-8932f937');
  });

  it('keeps devices hidden that are hidden, and gives none that is not there', () => {
    expect(visibleDevice(undefined, '')).toBe('');
    expect(visibleDevice(undefined, '-1')).toBe('-1');
    expect(() => visibleDevice(0, '')).toThrow('has no device 0: CUDA_VISIBLE_DEVICES names 0 ()');
    expect(() => visibleDevice(2, '4,6')).toThrow('has no device 2: CUDA_VISIBLE_DEVICES names 2 (4,6)');
  });
});
