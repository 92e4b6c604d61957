/**
 * The value of `CUDA_VISIBLE_DEVICES` that leaves TensorFlow one device, for of several tfjs-node takes the last.
 *
 * @param device index among the devices that are visible already; the first by default
 * @throws where those that the variable names already are fewer
 */
export function visibleDevice(device: number | undefined, visible: string | undefined): string {
  const index = device ?? 0;
  if (visible === undefined) return String(index);
  const named = visible.split(',').map((name) => name.trim());
  const devices = visible.trim() === '' ? [] : named;
  // Without a device to insist on, the process simply sees none.
  if (device === undefined) return devices[0] ?? '';
  const chosen = devices[index];
  if (chosen !== undefined) return chosen;
  throw new Error(
    `has no device ${device}: CUDA_VISIBLE_DEVICES names ${devices.length} (${visible}), counted from 0`,
  );
}
