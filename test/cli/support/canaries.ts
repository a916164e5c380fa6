// Texts that must be found nowhere, and a look for them in every form that a text takes on its way.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Each with characters that take another form in an address, in JSON, in a page and in a shell. */
export const CANARIES = {
  API_KEY: `canary-env/7Q"x&y<z>'1+2-oak`,
  GH_TOKEN: 'canary-glob_8Ws2Pq9-birch',
  file: 'canary-file\\9Rt5 Üm=:cedar',
  answer: 'canary-answer%4Kd7;elm,ash',
} as const;

/** Parts of a canary that each of its forms has one of. Written down here, by other means than the product's. */
function tracesOf(canary: string): readonly string[] {
  const inBase64 = [0, 1, 2].map((before) => {
    const digits = Buffer.from(' '.repeat(before) + canary).toString('base64');
    return digits.slice(4, 16);
  });
  return [canary.slice(0, 10), canary.slice(-4), ...inBase64];
}

const TRACES = Object.values(CANARIES).flatMap((canary) => tracesOf(canary).map((trace) => ({ canary, trace })));

/** What of the canaries is in bytes; empty when nothing is. */
export function tracesIn(bytes: Uint8Array | string): string[] {
  const text = Buffer.from(bytes as Uint8Array).toString('latin1');
  return TRACES.filter(({ trace }) => text.includes(Buffer.from(trace).toString('latin1'))).map(
    ({ canary, trace }) => `${trace} of ${canary}`,
  );
}

/** Files below a folder that hold something of the canaries, with what. */
export function tracesBelow(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.flatMap((entry) => {
    const file = join(entry.parentPath, entry.name);
    if (statSync(file).size === 0) return [];
    return tracesIn(readFileSync(file)).map((trace) => `${file}: ${trace}`);
  });
}

/** Command lines of a process and of all below it. */
export function commandLinesBelow(pid: number): string[] {
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const parents = new Map<number, number>();
  for (const name of children) {
    try {
      const [, parent = '0'] = /^\d+ \(.*\) \S (\d+)/s.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
      parents.set(Number(name), Number(parent));
    } catch {
      // It has ended.
    }
  }
  const isBelow = (one: number): boolean => one === pid || (one > 1 && isBelow(parents.get(one) ?? 0));
  return [...parents.keys()].filter(isBelow).flatMap((one) => {
    try {
      return [readFileSync(`/proc/${one}/cmdline`, 'latin1')];
    } catch {
      return [];
    }
  });
}
