interface Judged {
  loss: number;
  accuracy: number;
}

/** Whether the averaged weights did better in validation than the weights themselves: by accuracy, then by loss. */
export function averagesAreBetter(validation: Judged | null, ema: Judged | null | undefined): boolean {
  if (!validation || !ema) return false;
  return (
    ema.accuracy > validation.accuracy || (ema.accuracy === validation.accuracy && ema.loss < validation.loss)
  );
}
