/** Seconds as a clock shows them: `0:07`, `12:34`, `1:02:03`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** A whole number with commas: `20,881,970`. */
export const formatCount = (count: number) => Math.round(count).toLocaleString('en-US');

/** A share as a percentage: `56.2 %`. */
export const formatPercent = (share: number, digits = 1) => `${(share * 100).toFixed(digits)} %`;

/** A loss with four digits: `1.234`. */
export const formatLoss = (loss: number) => loss.toPrecision(4);

/** A learning rate without needless digits: `0.045`, `0.001`. */
export const formatRate = (rate: number) => String(Number(rate.toPrecision(3)));
