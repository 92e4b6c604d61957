/** The images of each label, by label and then by index; all of them together where they are not to be told apart. */
export function labelGroups(labels: Uint8Array, stratify: boolean): Uint32Array[] {
  if (!stratify) return [Uint32Array.from(labels, (_, i) => i)];
  const groups = new Map<number, number[]>();
  labels.forEach((label, index) => {
    const group = groups.get(label);
    if (group) group.push(index);
    else groups.set(label, [index]);
  });
  return [...groups.entries()].sort(([a], [b]) => a - b).map(([, group]) => Uint32Array.from(group));
}
