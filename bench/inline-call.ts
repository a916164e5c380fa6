// What an inline call costs at a stable site, plain and durable: node bench/inline-call.ts
// The hook is the one of the transform's tests: one cached function a site, where the hook of a session has four.
import { createInlineHook } from '../test/transform/support/inline-hook.ts';
import { transformText } from '../test/transform/support/transform-text.ts';

const CALLS = 20_000_000;
const source = `
const box = { n: 0, add(x) { this.n += x; return this.n; } };
const pick = (x) => x;
const list = [];
export const cases = {
  'direct call of a local function': (count) => { let sum = 0; for (let i = 0; i < count; i++) sum += pick(i); return sum; },
  'Math.floor': (count) => { let sum = 0; for (let i = 0; i < count; i++) sum += Math.floor(i / 2); return sum; },
  'method of an object': (count) => { let sum = 0; for (let i = 0; i < count; i++) sum += box.add(i); return sum; },
  'function given as parameter': (count, f = pick) => { let sum = 0; for (let i = 0; i < count; i++) sum += f(i); return sum; },
  'array push and pop': (count) => { for (let i = 0; i < count; i++) { list.push(i); list.pop(); } return list.length; },
  'charCodeAt': (count) => { let sum = 0; const text = 'abc'; for (let i = 0; i < count; i++) sum += text.charCodeAt(i % 3); return sum; },
  'optional chain': (count) => { let sum = 0; for (let i = 0; i < count; i++) sum += box?.add?.(i) ?? 0; return sum; },
};`;

type Cases = Record<string, (count: number) => unknown>;
// oxlint-disable-next-line no-eval -- both texts are made right here
const indirectEval = eval;
const { text, lowered, form } = transformText(source, { path: 'bench.js' });
const plain = indirectEval(`(() => { ${lowered.replace('export ', '')}; return cases; })()`) as Cases;
const steps = (indirectEval(text) as (hook: unknown) => Generator<unknown>)(
  createInlineHook({ siteInfos: () => form.sites.map((site) => ({ ...site, file: 'bench.js' })) }),
);
const [bindings] = steps.next().value as [{ cases: Cases }];
steps.next([]);
steps.next();

function nanosecondsOf(run: ((count: number) => unknown) | undefined): number {
  let best = Infinity;
  for (let round = 0; round < 3; round++) {
    const start = performance.now();
    run?.(CALLS);
    best = Math.min(best, ((performance.now() - start) * 1e6) / CALLS);
  }
  return best;
}

for (const name of Object.keys(plain)) {
  const before = nanosecondsOf(plain[name]);
  const now = nanosecondsOf(bindings.cases[name]);
  console.log(`${name.padEnd(34)} plain ${before.toFixed(1).padStart(6)} ns   durable ${now.toFixed(1).padStart(6)} ns`);
}
