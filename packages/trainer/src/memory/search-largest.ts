/**
 * The largest whole number from 1 to `most` that fits, given that all below one that fits do; 0 if none does. Begins at
 * `first`, doubles or halves until the answer changes, and then halves the interval.
 */
export async function searchLargest(
  first: number,
  most: number,
  fits: (size: number) => Promise<boolean>,
): Promise<number> {
  let fitting = 0;
  let failing = most + 1;
  let next = first;
  while (failing - fitting > 1) {
    if (await fits(next)) fitting = next;
    else failing = next;
    if (failing > most) next = Math.min(2 * fitting, most);
    else next = Math.floor((fitting + failing) / 2);
  }
  return fitting;
}
