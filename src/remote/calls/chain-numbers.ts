let next = 1;

/** What tells the chains of this process apart. */
export function nextChainNumber(): number {
  return next++;
}

/** How many have been given out. */
export function chainsIssued(): number {
  return next;
}

/** The numbers up to this one belong to an earlier controller of a context. */
export function skipChains(issued: number): void {
  next = Math.max(next, issued);
}
