/** Axes of a shape counted from the front: all of them for null. Throws where one is none. */
export function axesOf(axis: unknown, shape: readonly number[]): number[] {
  const rank = shape.length;
  if (axis === null || axis === undefined) return shape.map((_, i) => i);
  return [axis].flat().map((one: unknown) => {
    if (typeof one !== 'number' || !Number.isInteger(one) || one < -rank || one >= rank) {
      throw new Error(
        `xcp backend: \`axis\` must be a whole number in [${-rank}, ${rank}) for the shape [${shape}], received ${axis}`,
      );
    }
    return one < 0 ? one + rank : one;
  });
}

/** One axis of a shape. Throws where there is none, or where it is none. */
export function axisOf(axis: unknown, shape: readonly number[]): number {
  const [first] = axesOf(axis ?? 0, shape);
  if (first === undefined) throw new Error(`xcp backend: \`axis\` must name an axis, received [${axis}]`);
  return first;
}
