export const middleFlows = ['distinct', 'shared', 'shared-with-own-statistics'] as const;
export type MiddleFlow = (typeof middleFlows)[number];

export const classifierActivations = ['linear', 'softmax', 'sigmoid'] as const;
export type ClassifierActivation = (typeof classifierActivations)[number];

export const kernelInitializers = [
  'glorotUniform',
  'glorotNormal',
  'heUniform',
  'heNormal',
  'lecunUniform',
  'lecunNormal',
  'torch',
  'identity',
] as const;
/** How initial kernels are drawn. */
export type KernelInitializerName = (typeof kernelInitializers)[number];
