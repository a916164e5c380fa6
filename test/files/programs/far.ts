export function add(a: number, b: number): number {
  return a + b;
}

/** Most bytes that the far process has held so far. */
export function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}
