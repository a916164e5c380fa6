// Random concurrent programs, and the packages they use: one that leaves the program (delays, values and failures by real chance) and
// one that is inline and reads clock, chance and timers across awaits, ticks, immediates and emitters.
import { realRandom } from '../../../src/platform/random.ts';

/** `outside`: recorded. Real chance, since activities run outside of the session; `checkWorld` is told so. */
export const OUTSIDE = `
const hops = () => {
  const d = Math.random();
  return new Promise((resolve) => (d < 0.3 ? queueMicrotask(resolve) : d < 0.6 ? setImmediate(resolve) : setTimeout(resolve, d * 4)));
};
const check = () => globalThis.checkActivity?.(Date.now());
export async function ext(k) {
  check();
  await hops();
  check();
  if (Math.random() < 0.3) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    check();
  }
  if (Math.random() < 0.15) throw new RangeError('ext failed ' + k);
  return Math.floor(Math.random() * 100) + k;
}
export function extSync(k) {
  if (Math.random() < 0.1) throw new TypeError('sync failed ' + k);
  return Math.floor(Math.random() * 100);
}
export async function* extStream(k) {
  for (let i = 0; i < 3; i++) {
    await hops();
    yield i * 10 + k * 0 + Math.floor(Math.random() * 5);
  }
}
export class Live {
  constructor(k) {
    this.k = k;
  }
  async get(x) {
    return await ext(this.k + x);
  }
  peek(x) {
    return extSync(x);
  }
}
`;

/** `inline-kit`: runs in the session, again on replay. */
export const INLINE_KIT = `
import { EventEmitter } from 'node:events';
import nodeCrypto from 'node:crypto';
export async function jitter(k) {
  const a = Date.now();
  const r = Math.floor(Math.random() * 1e6);
  await null;
  const b = Date.now();
  await new Promise((resolve) => setTimeout(resolve, r % 3));
  const c = new Date().getTime();
  return [k, r, b - a, c - a, crypto.randomUUID()];
}
export async function hops() {
  const out = [];
  await new Promise((resolve) => process.nextTick(() => { out.push(Math.random()); resolve(); }));
  await new Promise((resolve) => setImmediate(() => { out.push(Math.random()); resolve(); }));
  await new Promise((resolve) => queueMicrotask(() => { out.push(Math.random()); resolve(); }));
  const emitter = new EventEmitter();
  emitter.on('x', () => out.push(Math.random()));
  emitter.emit('x');
  await new Promise((resolve) => emitter.once('y', resolve) && setTimeout(() => emitter.emit('y'), 1));
  out.push(nodeCrypto.randomBytes(4).toString('hex'), nodeCrypto.randomInt(1000));
  return out;
}
export function map(items, fn) {
  return Promise.all(items.map(async (item, i) => { if (i % 2) await null; return fn(item); }));
}
export function uid() {
  return nodeCrypto.randomUUID() + performance.now() + process.env.WHO;
}
`;

const HEAD = `
import { ext, extSync, extStream, Live } from 'outside';
import * as kit from 'inline-kit';
import { sleep } from 'resprout/durable';
async function sub(log, n) { const v = await ext(n); log.push(['sub', v]); return v; }
async function* gen(n) { for (let i = 0; i < 3; i++) { try { yield await ext(n * 10 + i); } catch (e) { yield -1; } } }
`;

/** A generator of program texts. The same seed gives the same programs. */
class Writer {
  #seed: number;
  #k = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  #draw(): number {
    this.#seed = (this.#seed * 1103515245 + 12345) & 0x7fffffff;
    return this.#seed / 0x7fffffff;
  }

  #upTo(n: number): number {
    return Math.floor(this.#draw() * n);
  }

  block(depth: number): string {
    return Array.from({ length: 1 + this.#upTo(3) }, () => this.#statement(depth)).join('\n');
  }

  #branches(depth: number): string {
    return Array.from({ length: 1 + this.#upTo(3) }, () => `(async () => { ${this.block(depth - 1)} })()`).join(', ');
  }

  #racer(k: number, i: number): string {
    if (this.#draw() >= 0.3) return `ext(${k * 1000 + i})`;
    return `new Promise(r => setTimeout(() => r('timer${i}'), ${this.#upTo(4)}))`;
  }

  #statement(depth: number): string {
    const k = ++this.#k;
    const kinds: readonly (() => string)[] = [
      () => `await Promise.all([${this.#branches(depth)}]);`,
      () =>
        `try { const w = await Promise.race([${[1, 2, 3].map((i) => this.#racer(k, i)).join(', ')}]); log.push(['race${k}', w]);
         if (typeof w === 'number' && w % 2) { ${this.block(depth - 1)} } } catch (e) { log.push(['re${k}', e.message]); }`,
      () =>
        `try { log.push(['any${k}', await Promise.any([ext(${k}), ext(${k + 1})])]); } catch (e) { log.push(['ae${k}', e.errors?.length]); }`,
      () =>
        `log.push(['set${k}', (await Promise.allSettled([ext(${k}), sub(log, ${k})])).map(x => x.status + (x.value ?? x.reason?.message))]);`,
      () =>
        `ext(${k}).then(v => { log.push(['ff${k}', v]); return v > 50 ? ext(${k} + 1) : v; }, e => log.push(['ffe${k}']))
         .then(v => log.push(['ff2${k}', v]), () => log.push('ffx'));`,
      () => `for await (const x of gen(${k})) { log.push(['g${k}', x]); if (x % 5 === 4) break; }`,
      () =>
        `try { for await (const x of extStream(${k})) { log.push(['st${k}', x]); if (x % 7 === 3) break; } } catch (e) { log.push(['ste${k}', e.code]); }`,
      () =>
        `{ const o = new Live(${k}); try { log.push(['live${k}', await o.get(${this.#upTo(9)}), o.peek(1)]); } catch (e) { log.push(['le${k}', e.message]); } }`,
      () =>
        `try { log.push(['s${k}', extSync(${k}), Math.floor(Math.random() * 1000), Date.now() >= t0]); } catch (e) { log.push(['se${k}', e.message]); }`,
      () => `log.push(['j${k}', await kit.jitter(${k})]);`,
      () => `log.push(['h${k}', await kit.hops(), kit.uid()]);`,
      () =>
        `try { log.push(['m${k}', await kit.map([1, 2, 3], async x => (await ext(${k} + x)) + x)]); } catch (e) { log.push(['me${k}', e.message]); }`,
      () => `await sleep(${this.#upTo(4)}); log.push(['t${k}', Date.now() - t0]);`,
    ];
    if (depth <= 0 || this.#draw() < 0.25)
      return `try { const v = await ext(${k}); log.push(['a${k}', v]); } catch (e) { log.push(['e${k}', e.name, e.message, e instanceof RangeError]); }`;
    return kinds[this.#upTo(kinds.length)]?.() ?? '';
  }

  program(name: string): string {
    return `export async function ${name}({ data: { log } }) { const t0 = Date.now(); ${this.block(3)}\n${this.block(3)}\n${this.block(2)}\nreturn log.length; }`;
  }
}

/** A file with `count` random programs, exported as p0, p1, … */
export function randomPrograms(count: number, seed: number): string {
  const writer = new Writer(seed);
  return HEAD + Array.from({ length: count }, (_, i) => writer.program(`p${i}`)).join('\n');
}

/** A whole number from 0 to `n` (out), by real chance. */
export const chance = (n: number): number => Math.floor(realRandom.fraction() * n);
