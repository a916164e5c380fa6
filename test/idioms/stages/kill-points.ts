/** Events after which a session of `events` events can be killed so that something is left to do: all but the last, its end. */
export function killPoints(events: number, most: number): number[] {
  const count = Math.max(0, events - 1);
  if (count <= most) return Array.from({ length: count }, (_, at) => at);
  if (most === 1) return [Math.floor(count / 2)];
  return [...new Set(Array.from({ length: most }, (_, i) => Math.round((i * (count - 1)) / (most - 1))))];
}

/** A number that the name alone decides, from 0 to below 1. */
export function share(name: string): number {
  let hash = 2166136261;
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619) >>> 0;
  return hash / 2 ** 32;
}

/** A few kill points of a program, the same in every run: the first by its name, the others in equal steps from it. */
export function sampledKillPoints(name: string, events: number, most: number): number[] {
  const count = Math.max(0, events - 1);
  if (count <= most) return killPoints(events, most);
  const first = Math.floor(share(`where ${name} is killed`) * count);
  return Array.from({ length: most }, (_, i) => (first + Math.floor((i * count) / most)) % count).sort((a, b) => a - b);
}
