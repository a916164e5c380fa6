/** A duration for people: `0.4s`, `41s`, `1m 12s`, `3h 5m`, `2d 4h`. Unit of the argument: milliseconds. */
export function duration(ms: number): string {
  if (ms < 0) return '0.0s';
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)}s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${seconds % 60}s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours}h ${minutes % 60}m`;
  return `${Math.floor(hours / 24)}d ${hours % 24}h`;
}
