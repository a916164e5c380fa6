import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Shop, jsonOf, nothingLeft } from './support/cli.ts';
import { refused } from './support/refused.ts';

const shop = new Shop({
  'ops.ts': `
import { basename } from 'node:path';
import { deep } from './deep.ts';
export default function whoAmI() { return { folder: basename(process.cwd()), node: process.version }; }
export function echo(...args: unknown[]) { return args; }
export function text() { console.log('on the way'); return 'a text'; }
export function nothing() {}
export const fail = (name: string) => deep(name);
export async function hang() { console.log('hangs'); await new Promise((resolve) => setTimeout(resolve, 3_600_000)); }
export function leave() { process.exit(3); }
export function big() { return 10n ** 20n; }
export function unsendable() { return () => 1; }
export const api = { version: () => 3 };
`,
  'deep.ts': `
export function deep(name: string): never {
  throw new RangeError(\`no \${name} here\`, { cause: new Error('it was sold') });
}
`,
  'below/.keep': '',
});
after(() => shop[Symbol.dispose]());

test('call: prints what the function returns: text as it is, JSON for the rest, nothing for undefined', async () => {
  const [who, text, nothing, big] = await Promise.all([
    shop.run(['call', 'local:', 'ops.ts']),
    shop.run(['call', 'local:', 'ops.ts:text']),
    shop.run(['call', 'local:web', 'ops.ts:nothing']),
    shop.run(['call', 'local:', 'ops.ts:big', '--json']),
  ]);
  assert.deepEqual(JSON.parse(who.out), { folder: shop.folder.split('/').at(-1), node: process.version });
  assert.deepEqual([text.out, text.err], ['a text\n', 'local | on the way\n']);
  assert.deepEqual([nothing.exit, nothing.out, nothing.err], [0, '', '']);
  assert.deepEqual(jsonOf(big).value, '100000000000000000000');
});

test('call: arguments are JSON; functions that are members of an object have a path; --quiet keeps lines back', async () => {
  const values = ['1', '"two"', '{"three":[3,null,true]}', '-4.5e1'];
  const [echo, member, quiet] = await Promise.all([
    shop.run(['call', 'local:', 'ops.ts:echo', '--json', '--', ...values]),
    shop.run(['call', 'local:', 'ops.ts:api.version']),
    shop.run(['call', 'local:', 'ops.ts:text', '-q']),
  ]);
  assert.deepEqual(jsonOf(echo).value, [1, 'two', { three: [3, null, true] }, -45]);
  assert.deepEqual([member.exit, member.out], [0, '3\n'], member.err);
  assert.deepEqual([quiet.out, quiet.err], ['a text\n', '']);
});

test('call: what the function throws is shown with its own place, which is not opened here, and with the call', async () => {
  const { problem, plain } = await refused(shop, ['call', 'local:', 'ops.ts:fail', '"boat"'], 'PROGRAM_FAILED');
  assert.equal(problem.message, 'RangeError: no boat here');
  assert.deepEqual([problem.at, problem.saw], [undefined, `thrown by local: ops.ts#fail at ${join(shop.folder, 'deep.ts:3:9')}`]);
  assert.match(plain.err, /^ {3}saw {4}thrown by local: ops\.ts#fail at .*deep\.ts:3:9$/m);
  assert.doesNotMatch(plain.err, /throw new RangeError/);
  assert.equal(problem.tried, 'call fail of ops.ts on local:');
  const verbose = await shop.run(['call', 'local:', 'ops.ts:fail', '"boat"', '-v'], { cwd: '.' });
  assert.match(verbose.err, /^\| {5}at .*deep\.ts:3:9\)?$/m);
  assert.match(verbose.err, /^caused by\n\| Error: it was sold$/m);
});

test('call: a name that is not there lists those that are, also from another folder', async () => {
  mkdirSync(join(shop.folder, 'below'), { recursive: true });
  const [plain, json] = await Promise.all([
    shop.run(['call', 'local:', '../ops.ts:gone'], { cwd: 'below' }),
    shop.run(['call', 'local:', '../ops.ts:gone', '--json'], { cwd: 'below' }),
  ]);
  const { problem } = jsonOf(json);
  assert.deepEqual([plain.exit, json.exit, problem?.code], [2, 2, 'REMOTE_FUNCTION_MISSING']);
  assert.match(problem?.message ?? '', /no top-level function "gone".*echo, text, nothing, fail, hang/);
});

test('call --timeout, a function that ends its process, and a value that cannot cross are coded, and nothing is left', async () => {
  await Promise.all([
    refused(shop, ['call', 'local:', 'ops.ts:hang', '--timeout', '400ms', '-q'], 'REMOTE_CALL_TIMEOUT'),
    refused(shop, ['call', 'local:', 'ops.ts:leave'], 'REMOTE_EXITED'),
    refused(shop, ['call', 'local:', 'ops.ts:unsendable'], 'PROGRAM_FAILED').then(({ problem }) =>
      assert.match(problem.message ?? '', /^local: REMOTE_VALUE_UNSENDABLE: .*result is a function/),
    ),
  ]);
  await nothingLeft(shop.folder);
});

test('call: ^C ends the call with REMOTE_CALL_ABORTED and leaves nothing', async () => {
  const [plain, json] = [shop.start(['call', 'local:', 'ops.ts:hang']), shop.start(['call', 'local:', 'ops.ts:hang', '--json'])];
  await Promise.all([plain.until('hangs'), json.until('hangs')]);
  plain.kill('SIGINT');
  json.kill('SIGTERM');
  const [one, other] = await Promise.all([plain.ended, json.ended]);
  assert.deepEqual([one.exit, other.exit, jsonOf(other).problem?.code], [1, 1, 'REMOTE_CALL_ABORTED']);
  assert.match(one.err, /^✖ REMOTE_CALL_ABORTED {2}the call was interrupted by SIGINT$/m);
  await nothingLeft(shop.folder);
});
