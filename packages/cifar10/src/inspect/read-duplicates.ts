/**
 * The test images that a list of near-duplicates names, in ascending order, each once.
 *
 * The lists are those of the authors of ciFAIR: a line for each pair, `TestID,TrainID,Distance,Judgment`, where the
 * judgment is 0 for an exact duplicate, 1 for another version of the same shot, 2 for two shots that look alike.
 * `duplicates_cifar10.csv` pairs test with training images, `duplicates_cifar10_test.csv` test with test images.
 *
 * Throws if the text is no such list, or names an image that there is not.
 *
 * @param length images of the test set. Default 10,000.
 * @example
 * const duplicates = new Set(readDuplicates(await readFile('duplicates_cifar10.csv', 'utf8')));
 * const indices = [...cifar10.test.labels.keys()].filter((index) => !duplicates.has(index));
 *
 * Source: Barz and Denzler, "Do We Train on Test Data? Purging CIFAR of Near-Duplicates" (2020),
 * https://github.com/cvjena/cifair/tree/master/meta.
 */
export function readDuplicates(csv: string, length = 10_000): Uint32Array {
  const [head = '', ...lines] = csv.split(/\r?\n/).filter((line) => line.trim() !== '');
  const column = head.split(',').indexOf('TestID');
  if (column < 0) {
    throw new Error(
      `readDuplicates: the first line must name a column \`TestID\`, received "${head.slice(0, 60)}"; is this a list of ciFAIR's authors?`,
    );
  }
  const indices = lines.map((line, n) => {
    const text = line.split(',')[column]?.trim() ?? '';
    const index = Number(text);
    if (text === '' || !Number.isInteger(index) || index < 0 || index >= length) {
      throw new Error(
        `readDuplicates: \`TestID\` must be an integer from 0 to ${length - 1}, received "${text}" in line ${n + 2}`,
      );
    }
    return index;
  });
  return Uint32Array.from(new Set(indices)).sort();
}
