/** `1 session`, `12 sessions`. */
export function sessionsText(count: number): string {
  return `${count} ${count === 1 ? 'session' : 'sessions'}`;
}

/** `1 build`, `3 builds`. */
export function buildsText(count: number): string {
  return `${count} ${count === 1 ? 'build' : 'builds'}`;
}
