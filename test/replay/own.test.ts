// Functions of the package in a session, however they are reached; what the recorder says of functions; and functions with receivers.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import type { Session } from '../../src/durable/replay/session/session-api.ts';
import { realm } from './support/realm.ts';
import { buildProgram, program, run } from './support/program.ts';

test('own functions are recorded once each with their site, however they are reached', async () => {
  using built = await program(`
    import * as durable from 'resprout/durable';
    import { sleep } from 'resprout/durable';
    const { sleep: renamed } = durable;
    const holder = { deep: { sleep } };
    export default async function main() {
      await sleep(1);
      await renamed(1);
      await durable.sleep(1);
      await holder?.deep?.sleep(1);
      await sleep.call(undefined, 1);
      await sleep.apply(undefined, [1]);
      await Reflect.apply(sleep, undefined, [1]);
      await sleep.bind(undefined, 1)();
      await Promise.all([1, 1].map(sleep));
    }`);
  const { events } = await run(built, { id: 'ses_o' });
  const lines = events.flatMap((event) => (event.t === 'timer' ? [event.site.line] : []));
  // Called by an intrinsic they have no site of their own: they stand at the last call of the program.
  assert.deepEqual(lines, [7, 8, 9, 10, 11, 12, 13, 14, 15, 15]);
  assert.deepEqual((await run(built, { id: 'ses_o', history: events })).appended, []);
});

test('functions of the program reached by bind, call, apply, proxies and getters make no events', async () => {
  using built = await program(
    `
    import { lines } from 'kit';
    const f = (a: number, b: number) => a + b;
    class K { #x = 1; get add() { return f; } static make() { return new K(); } get x() { return this.#x; } }
    export default async function main() {
      const proxy = new Proxy(f, { apply: (target, that, args) => Reflect.apply(target, that, args) + 1 });
      const gen = (function* () { const got = yield 1; yield got; })();
      const tag = (strings: TemplateStringsArray, ...values: unknown[]) => strings.raw.join('|') + values.join();
      const outcome = [f.bind(null, 1)(2), f.call(null, 1, 2), f.apply(null, [1, 2]), proxy(1, 2), K.make().add(1, 2), gen.next().value, gen.next(7).value,
        tag\`a\${1}b\`, [3, 1, 2].sort((a, b) => a - b).join(), new Map([[1, 2]]).get(1), JSON.stringify({ a: [1] }), new Intl.NumberFormat('en').format(1234.5)];
      const { promise, resolve } = Promise.withResolvers?.() ?? (() => { let r; const p = new Promise((x) => { r = x; }); return { promise: p, resolve: r }; })();
      setImmediate(() => resolve('resolved'));
      return [...outcome, await promise, typeof lines];
    }`.replace("import { lines } from 'kit';", 'const lines = () => 1;'),
  );
  const { outcome, events } = await run(built);
  assert.deepEqual(outcome.how === 'done' && outcome.value, [
    3,
    3,
    3,
    4,
    3,
    1,
    7,
    'a|b1',
    '1,2,3',
    2,
    '{"a":[1]}',
    '1,234.5',
    'resolved',
    'function',
  ]);
  assert.deepEqual(
    events.map((event) => event.t),
    ['start', 'end'],
  );
});

test('calls of what is not a function and constructors of what is none fail in the words of the engine', async () => {
  using built = await program(`
    const o: any = { a: 1 };
    const words = (run: () => unknown) => { try { run(); return ''; } catch (error) { return (error as Error).constructor.name + ': ' + (error as Error).message; } };
    export default () => [words(() => o.missing(1)), words(() => o.a()), words(() => new o.a()), words(() => o.x.y()), words(() => [...o])];`);
  const { outcome } = await run(built);
  assert.deepEqual(outcome.how === 'done' && outcome.value, [
    'TypeError: o.missing is not a function',
    'TypeError: o.a is not a function',
    'TypeError: o.a is not a constructor',
    "TypeError: Cannot read properties of undefined (reading 'y')",
    'TypeError: o is not iterable',
  ]);
});

test('identify() names functions by path and refuses what cannot travel, and records nothing', async () => {
  using built = await buildProgram({
    'main.ts': `
      import fs from 'node:fs';
      import { sleep } from 'resprout/durable';
      import { health, K } from './ops.ts';
      export default function main({ data: { ask } }) {
        const nested = () => 1;
        return [health, K.sm, fs.readFileSync, nested, K, K.prototype.m, health.bind(null), sleep, Math.max, 'x'].map((fn) => ask(fn));
      }`,
    'ops.ts': `
      export function health() { return 1; }
      export class K { static sm() { return 1; } m() { return 2; } }`,
  });
  let session: Session | undefined;
  // Functions of this test are not of the program; this one counts as one of the language.
  const ask = (fn: unknown): string => {
    try {
      return session?.recorder?.identify(fn).label ?? '';
    } catch (error) {
      return `${String((error as { code?: string }).code)}: ${(error as Error).message.replace(/^the function given to call\(\)( at \S+)? /, '').slice(0, 40)}`;
    }
  };
  realm.kinds.mark(ask, 'language');
  const { outcome, events } = await run(built, { data: { ask }, onSession: (made) => void (session = made) });
  assert.deepEqual(outcome.how === 'done' && outcome.value, [
    'ops.ts#health',
    'ops.ts#K.sm',
    'node:fs.readFileSync',
    'REMOTE_FUNCTION_NOT_TOP_LEVEL: is made inside "main"; its closure can\'t',
    'REMOTE_FUNCTION_NOT_TOP_LEVEL: is the class "K"; call a static method o',
    'REMOTE_FUNCTION_NOT_TOP_LEVEL: is "K.m", a method of instances; the far',
    'REMOTE_FUNCTION_NOT_TOP_LEVEL: is bound ("bound health"); a bound this ',
    'REMOTE_FUNCTION_NOT_TOP_LEVEL: is "sleep" of this package. Wrap it in a',
    'REMOTE_FUNCTION_NOT_TOP_LEVEL: is "max" of the language itself. Wrap it',
    'REMOTE_NOT_A_FUNCTION: call() wants a function or fnRef(import.',
  ]);
  assert.deepEqual(
    events.map((event) => event.t),
    ['start', 'end'],
  );
});

test('the body of a module is recorded like an entry, and made once; module state is fresh in each session', async () => {
  using built = await program(`
    import { readFileSync } from 'node:fs';
    import { sleep } from 'resprout/durable';
    let counter = 0;
    readFileSync('/dev/null');
    await new Promise((resolve) => setTimeout(resolve, 1));
    await sleep(1);
    export default () => ++counter;`);
  for (const id of ['ses_m1', 'ses_m2']) {
    const { outcome, events } = await run(built, { id });
    assert.deepEqual(
      [outcome.how === 'done' && outcome.value, events.map((event) => event.t)],
      [1, ['start', 'sync', 'timer', 'done', 'timer', 'done', 'end']],
    );
    assert.deepEqual((await run(built, { id, history: events })).appended, []);
  }
});
