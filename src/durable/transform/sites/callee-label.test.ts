import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInThisContext } from 'node:vm';
import { parse } from 'acorn';
import { calleeLabel } from './callee-label.ts';

/** What V8 calls the thing that it cannot call. */
function spoken(callee: string): string {
  try {
    const run = runInThisContext(`(function (o, f, k, a, n) { return ${callee}(); })`) as (...scope: unknown[]) => unknown;
    run({ a: {}, f: () => ({}), n: 1 }, () => 1, 'k', 1, 2);
    return 'nothing';
  } catch (error) {
    return error instanceof Error ? error.message.replace(/ is not a function$/, '') : 'no error';
  }
}

function labelOf(callee: string): string {
  const [statement] = parse(`${callee}()`, { ecmaVersion: 'latest', preserveParens: true }).body;
  assert.ok(statement?.type === 'ExpressionStatement');
  const { expression } = statement;
  const call = expression.type === 'ChainExpression' ? expression.expression : expression;
  assert.ok(call.type === 'CallExpression');
  return calleeLabel(call.callee);
}

const callees = `a | o.x | o.a.b | o["x y"] | o[k] | o[0] | o["x"] | f() | o.f().x | o.f(1, 2).x | (0, o.x) | (a + n) | (a + n + a) | (a + n - a) | ((a + n) + a)
   | (a < n < a) | (a && n) | (null ?? null ?? a) | (!o) | (-a) | (typeof a) | [1, a].x | ({}).x | "s".x | (1).x | /r/.x | true.x | null | (o.a ?? o).x | o[k + 1] | o[f()]
   | (() => 1).x | (function () {}).x | (o.n = 5) | o[Symbol.iterator] | new Object().x | \`t\`.x | (a, n) | o?.x | o.a?.x | o?.f().x | o.a?.["x"]`;

for (const callee of callees
  .split(' | ')
  .map((one) => one.trim())
  .filter((one) => one !== ''))
  test(`calleeLabel: ${callee} is called what the engine calls it`, () => assert.equal(labelOf(callee), spoken(callee)));
