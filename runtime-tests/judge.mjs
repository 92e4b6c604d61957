/** Engines that must give the same bits in every runtime, and after a resume: those that run on processors alone. */
export const EXACT = ['xcp', 'xcp-wasm', 'cpu'];
const TOLERANCE = 1e-3;

/** The largest relative difference between two courses of losses. */
export const deviation = (a, b) => Math.max(...a.map((loss, i) => Math.abs(loss - b[i]) / Math.abs(b[i])));

/**
 * Compares the cells that ran: bits within an engine, the first losses across all engines. Those that differ fail.
 *
 * @returns the cells so judged, and the largest deviation from the first of them
 */
export function judge(cells) {
  const reference = cells.find(({ state, engine }) => state === 'ran' && EXACT.includes(engine));
  let most = 0;
  const judged = cells.map((cell) => {
    if (cell.state !== 'ran') return cell;
    const fails = (reason) => ({ ...cell, state: 'failed', reason });
    const first = cells.find(({ state, engine }) => state === 'ran' && engine === cell.engine);
    if (EXACT.includes(cell.engine)) {
      if (!cell.exact) return fails('the run that was stopped must come to the bits of the one that was not');
      if (cell.bits !== first.bits)
        return fails(`must come to the bits of ${first.runtime}: ${first.bits}, received ${cell.bits}`);
    }
    const courses = [cell.losses, cell.resumed].filter(Boolean);
    const off = reference ? Math.max(...courses.map((losses) => deviation(losses, reference.losses))) : 0;
    most = Math.max(most, off);
    // NaN is no number that would be small enough.
    if (!(off <= TOLERANCE)) {
      return fails(
        `losses must be those of ${reference.engine} in ${reference.runtime} within ${TOLERANCE}, received ${off}`,
      );
    }
    return { ...cell, same: cell.exact && cell.bits === first.bits };
  });
  return { cells: judged, most };
}
