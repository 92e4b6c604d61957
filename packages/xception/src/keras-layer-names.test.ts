import { expect, it } from 'vitest';
import kerasLayers from '../fixtures/keras-layers.json';
import { kerasLayerNames, xceptionVariants } from './index';

it("has Keras's name for every layer of Keras's network, and the way back", () => {
  const { toKeras, fromKeras } = kerasLayerNames({ classes: 10 });
  expect(Object.values(toKeras).toSorted()).toEqual(kerasLayers.map(({ name }) => name).toSorted());
  expect(Object.keys(toKeras)).toHaveLength(134);
  for (const [here, keras] of Object.entries(toKeras)) expect(fromKeras[keras]).toBe(here);
});

it('numbers shortcuts and sums by the order of the blocks', () => {
  const { toKeras } = kerasLayerNames();
  expect(toKeras).toMatchObject({
    block2_residual_conv: 'conv2d',
    block4_residual_bn: 'batch_normalization_2',
    block13_residual_conv: 'conv2d_3',
    block2_add: 'add',
    block10_add: 'add_8',
    block13_add: 'add_11',
    block14_sepconv2_bn: 'block14_sepconv2_bn',
    avg_pool: 'avg_pool',
  });
});

it('follows the variant', () => {
  expect(kerasLayerNames(xceptionVariants.slim).fromKeras).toMatchObject({
    conv2d_2: 'block7_residual_conv',
    add_5: 'block7_add',
  });
  const shared = kerasLayerNames(xceptionVariants.reference);
  expect(shared.toKeras).not.toHaveProperty('block6_sepconv1');
  expect(shared.toKeras.block12_add).toBe('add_10');
  expect(kerasLayerNames({ dropPath: 0.1 }).toKeras.block2_drop_path).toBe('block2_drop_path');
});

it('has the names of pools that no classifier follows', () => {
  const { toKeras, fromKeras } = kerasLayerNames({ includeTop: false, pooling: 'avg' });
  expect(toKeras.avg_pool).toBe('global_average_pooling2d');
  expect(fromKeras.global_average_pooling2d).toBe('avg_pool');
  expect(kerasLayerNames({ includeTop: false, pooling: 'max' }).toKeras.max_pool).toBe(
    'global_max_pooling2d',
  );
});

it('refuses a wrong configuration', () => {
  expect(() => kerasLayerNames({ width: -1 })).toThrow('xception: `width` must be positive, received -1');
});
