// Runs every bench, each in a process of its own, prints one table and writes it into docs/performance.md.
// `node bench/all.ts [NAME…]`; with names only these, and nothing is written. `npm run build` first.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import { machineText } from './support/machine.ts';
import { tableOf, type Answer } from './support/table.ts';

/** In the order of the table. */
export const BENCHES: readonly string[] = [
  'local-context',
  'round-trip',
  'large-argument',
  'file-transfer',
  'ssh-context',
  'push-node',
  'package-graph',
  'session-steps',
  'young-session',
  'reach-peers',
  'wire-bytes',
  'context-tree',
  'durable-peers',
  'units',
  'large-results',
  'replay',
  'resume',
  'cli-start',
  'primer-start',
  'streams',
  'inline-call',
  'journal',
  'codec',
  'secrets',
  'transform-lines',
  'build-programs',
];

export const COMMAND = 'node bench/all.ts';
export const MARKERS = { begin: '<!-- begin: written by node bench/all.ts -->', end: '<!-- end -->' } as const;

const ROOT = path.resolve(import.meta.dirname, '..');
const DOCUMENT = path.join(ROOT, 'docs/performance.md');
const LIMIT_MS = 300_000;

async function answerOf(name: string): Promise<Answer> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, `${name}.ts`), '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  let text = '';
  child.stdout.on('data', (bytes: Buffer) => (text += bytes.toString()));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  clearTimeout(limit);
  if (code !== 0) throw new Error(`node bench/${name}.ts ended with ${code ?? signal}`);
  return JSON.parse(text) as Answer;
}

function withTable(document: string, table: string): string {
  const begin = document.indexOf(MARKERS.begin);
  const end = document.indexOf(MARKERS.end, begin);
  if (begin < 0 || end < 0) throw new Error(`docs/performance.md has no place for the table: ${MARKERS.begin} … ${MARKERS.end}`);
  return `${document.slice(0, begin)}${MARKERS.begin}\n\n${table}\n\n${document.slice(end)}`;
}

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.find((name) => !BENCHES.includes(name));
  if (unknown !== undefined) throw new Error(`there is no bench ${unknown}; there are ${BENCHES.join(', ')}`);
  if (!existsSync(path.join(ROOT, 'dist/durable/runner/main.js'))) throw new Error('nothing is built: npm run build');
  const startLoad = loadavg()[0] ?? 0;
  const start = performance.now();
  const answers: Answer[] = [];
  for (const name of names.length > 0 ? names : BENCHES) {
    console.error(`bench/${name}.ts …`);
    answers.push(await answerOf(name));
  }
  const tookS = Math.round((performance.now() - start) / 1000);
  const loads = `load average ${startLoad.toFixed(1)} at the start, ${(loadavg()[0] ?? 0).toFixed(1)} at the end`;
  const text = `\`${COMMAND}\` on ${machineText()}; ${loads}; ${tookS} s in all.\n\n${tableOf(answers)}`;
  console.log(text);
  if (names.length === 0) writeFileSync(DOCUMENT, withTable(readFileSync(DOCUMENT, 'utf8'), text));
}

if (import.meta.main) await main(process.argv.slice(2));
