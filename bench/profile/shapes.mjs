/** What tells the calls of one kernel apart: its shapes, and what changes the work beside them. */
export function describeCall({ inputs, attrs, outputs }) {
  const tensors = Object.entries(inputs ?? {}).filter(([, tensor]) => tensor);
  // An optimizer's update takes hundreds of tensors.
  const shapes =
    tensors.length > 4
      ? [`${tensors.length} tensors`]
      : tensors
          .filter(([, { shape }]) => shape.length > 1)
          .map(([name, { shape }]) => `${name} ${shape.join('×')}`);
  const result = outputs.length > 0 ? ` → ${outputs[0].shape.join('×')}` : '';
  const { strides, transposeA, transposeB } = attrs ?? {};
  const stride = [strides].flat()[0] ?? 1;
  const extra = [stride > 1 && `/${stride}`, transposeA && 'aᵀ', transposeB && 'bᵀ'].filter(Boolean);
  return [shapes.join(', ') + result, ...extra].join(' ');
}
