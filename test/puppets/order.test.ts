// The order of events of several sources, and what has no source outside: readline and streams of the program.
import { table, type Cases } from './support/table.ts';

const imports = `
import { spawn } from 'node:child_process';
import { AsyncLocalStorage } from 'node:async_hooks';
import { createServer, connect } from 'node:net';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import rlp from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { PassThrough, Readable, Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
const sh = (script: string) => spawn('sh', ['-c', script]);
`;

const cases: Cases = {
  'two children whose output arrives while a third is written to': `
    const a = sh('for i in 1 2 3; do echo a; sleep 0.02; done'), b = sh('for i in 1 2 3; do echo b; sleep 0.02; done'), c = spawn('cat'); let n = 0; for (const one of [a, b]) one.stdout.on('data', (d) => { n += d.length; c.stdin.write(d); }); const out = text(c.stdout); await Promise.all([once(a, 'close'), once(b, 'close')]); c.stdin.end(); return [n, (await out).length];`,
  'ticks, microtasks and immediates around an event': `
    const c = sh('echo x'); const got = []; c.stdout.once('data', () => { setImmediate(() => got.push('immediate')); process.nextTick(() => got.push('tick')); Promise.resolve().then(() => got.push('micro')); got.push('now'); }); await once(c, 'close'); return got;`,
  'the context of listeners of child, socket and timer': {
    step: 2,
    body: `
    const als = new AsyncLocalStorage(); const seen = []; const s = createServer((c) => c.end('x')).listen(0); await als.run('mine', async () => { const c = spawn('true'); c.on('exit', () => seen.push(als.getStore())); const k = connect(s.address().port); k.on('data', () => seen.push(als.getStore())); setTimeout(() => seen.push(als.getStore()), 5); await Promise.all([once(c, 'close'), once(k, 'close'), delay(20)]); }); s.close(); return seen;`,
  },
  'many sources mixed': {
    step: 7,
    body: `
    const s = createServer((c) => c.pipe(c)).listen(0); const port = s.address().port; const all = await Promise.all(Array.from({ length: 12 }, async (_, i) => { if (i % 3 === 0) return (await text(sh('echo ' + i).stdout)).trim(); if (i % 3 === 1) { const c = connect(port); c.end(String(i)); return await text(c); } for (let k = 0; k < 3; k++) await new Promise((r) => setImmediate(r)); await delay(i); return String(i); })); s.close(); return all;`,
  },
  'readline over a stream of the program': `
    const lines = []; for await (const line of createInterface({ input: Readable.from(['a\\nb', 'c\\nd']) })) lines.push(line); await delay(1); return lines;`,
  'a question': `
    const input = new PassThrough(); const output = new PassThrough(); const rl = rlp.createInterface({ input, output }); setTimeout(() => input.write('me\\n'), 5); const name = await rl.question('who? '); rl.close(); return [name, String(output.read())];`,
  'the end of a stream of the program': `
    const got = []; const w = new Writable({ write(chunk, _, done) { got.push(String(chunk)); done(); } }); w.write('a'); w.end('b'); await finished(w); await delay(1); return got;`,
  'a child in a pipeline': `
    const c = spawn('sort'); const out = text(c.stdout); await pipeline(Readable.from(['b\\n', 'a\\n']), c.stdin); return (await out).trim();`,
};

table(imports, cases);
