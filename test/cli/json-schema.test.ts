// docs/output.schema.json is what programs are written against: every command's real output fits it, and it refuses what none prints.
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { HELP } from '../../src/cli/arguments/help-texts.ts';
import { REPOSITORY } from '../support/programs.ts';
import { Shop } from './support/cli.ts';

const schema = JSON.parse(readFileSync(`${REPOSITORY}/docs/output.schema.json`, 'utf8')) as {
  readonly $id: string;
  readonly $defs: object;
};
const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
ajv.addSchema(schema);

function check(definition: string, line: string): void {
  const isValid = ajv.validate(`${schema.$id}#/$defs/${definition}`, JSON.parse(line));
  assert.ok(isValid, `${definition}: ${ajv.errorsText()}\n${line}`);
}

const shop = new Shop({
  'calls.ts': `
    import { execFile as execute } from 'node:child_process';
    import { promisify } from 'node:util';
    import { readFileSync } from 'node:fs';
    import { readFile } from 'node:fs/promises';
    import { local } from 'resprout';
    import { sleep } from 'resprout/durable';
    import { health } from './ops.ts';
    const execFile = promisify(execute);
    export default async function (event: { data: { pause: string } }) {
      console.log('printed');
      readFileSync('ops.ts');
      await readFile('gone').catch(() => {});
      const near = await local({ name: 'near' });
      await near.call(health);
      await sleep(event.data.pause);
      return { big: 1n, when: new Date(0), nothing: undefined };
    }
    export const fails = async () => { throw new Error('no', { cause: new Error('why') }); };
    export const waits = () => { console.log('it waits'); return execFile('sleep', ['60']); };
    export const exits = () => process.exit(7);`,
  'ops.ts': "export const health = () => ({ up: true });\nexport const fails = () => { throw new RangeError('far'); };",
});
after(() => shop[Symbol.dispose]());

const id = (n: number): string => `ses_${'0'.repeat(25)}${n}`;
const DATA = ['-d', '{"pause":"1s"}'];

/** In front of what is the command of somebody else. */
function withJson(args: readonly string[]): readonly string[] {
  const at = args.indexOf('--');
  return at < 0 ? [...args, '--json'] : [...args.slice(0, at), '--json', ...args.slice(at)];
}

test(
  'what every command prints with --json fits its definition, when it goes well and when it does not',
  { timeout: 1_200_000 },
  async () => {
    const seen = new Set<string>();
    const run = async (definition: string, exit: number, args: readonly string[]): Promise<void> => {
      const ended = await shop.run(withJson(args));
      assert.equal(ended.exit, exit, `${args.join(' ')}\n${ended.out}${ended.err}`);
      const lines = ended.out.trimEnd().split('\n');
      assert.ok(lines.length === 1 || definition.endsWith('Follow'), ended.out);
      for (const line of lines) check(definition, line);
      seen.add(definition);
    };
    await run('run', 0, ['run', 'calls.ts', ...DATA, '--session', id(1)]);
    await run('run', 3, ['run', 'calls.ts', '-d', '{"pause":"4s"}', '--park', '--session', id(2)]);
    await run('run', 3, ['run', 'calls.ts', '-d', '{"pause":"1h"}', '--park', '--session', id(3)]);
    await run('run', 1, ['run', 'calls.ts:fails', '--session', id(4)]);
    await run('run', 7, ['run', 'calls.ts:exits', '--session', id(5)]);
    await run('run', 2, ['run', 'gone.ts']);
    await run('run', 2, ['run', 'calls.ts', '--no-such-option']);
    const waits = shop.start(['run', 'calls.ts:waits', '--session', id(6)]);
    await waits.until('it waits');
    await run('sessions', 0, ['sessions', '--state', 'running']);
    await run('tree', 0, ['tree']);
    await run('tree', 2, ['tree', 'nothing']);
    await run('tree', 0, ['tree', id(1), '--watch']);
    waits.kill('SIGKILL');
    await waits.ended;
    await run('sessions', 0, ['sessions']);
    await run('sessions', 2, ['sessions', '--state', 'odd']);
    await run('show', 0, ['show', id(1)]);
    await run('show', 0, ['show', id(1), '--events']);
    await run('show', 0, ['show', id(4)]);
    await run('show', 0, ['show', id(1), '--event', '1']);
    await run('show', 2, ['show', id(1), '--event', '999']);
    await run('show', 0, ['show', id(1), '--html', 'session.html']);
    await run('show', 4, ['show', id(1), '--html', 'no/such/folder.html']);
    await run('show', 2, ['show', 'nothing']);
    await run('showFollow', 0, ['show', id(1), '--follow']);
    await run('showFollow', 2, ['show', 'nothing', '--follow']);
    await run('replay', 0, ['replay', id(1)]);
    await run('cancel', 0, ['cancel', id(6)]);
    await run('fork', 0, ['fork', id(1), '--at', '3']);
    await run('fork', 2, ['fork', id(1), '--at', '999']);
    await run('resume', 0, ['resume', id(2)]);
    await run('resume', 0, ['resume']);
    await run('resume', 2, ['resume', id(1), id(4)]);
    await run('cancel', 0, ['cancel', id(3)]);
    await run('cancel', 2, ['cancel', id(1)]);
    await run('explain', 0, ['explain', 'calls.ts']);
    await run('explain', 0, ['explain', 'calls.ts', '--served']);
    await run('call', 0, ['call', 'local:', 'ops.ts:health']);
    await run('call', 1, ['call', 'local:', 'ops.ts:fails']);
    await run('call', 0, ['call', 'local:a', 'local:b', 'ops.ts:health']);
    await run('call', 1, ['call', 'local:n-{1..3}', 'ops.ts:fails', '--stop-after', '1', '--concurrency', '1']);
    await run('exec', 0, ['exec', 'local:', '--', 'echo', 'word']);
    await run('exec', 7, ['exec', 'local:', '--', 'sh', '-c', 'exit 7']);
    await run('exec', 0, ['exec', 'local:a', 'local:b', '--', 'echo', 'word']);
    await run('exec', 1, ['exec', 'local:a', 'local:b', '--', 'sh', '-c', 'exit 7']);
    await run('exec', 2, ['exec', 'local:']);
    await run('doctor', 0, ['doctor']);
    await run('doctor', 4, ['doctor', 'local:a', 'local:b?node=/no/node']);
    await run('doctor', 2, ['doctor', '@nobody']);
    shop.program.write('once.json', '{ "units": [{ "command": ["true"], "restart": "transient" }] }');
    shop.program.write('kept.json', '{ "units": [{ "name": "waits", "command": ["sleep", "60"] }] }');
    await run('superviseFollow', 0, ['supervise', 'once.json']);
    await run('superviseFollow', 2, ['supervise', 'gone.json']);
    await run('supervise', 4, ['supervise', 'kept.json', 'status']);
    await run('supervise', 0, ['supervise', 'kept.json', 'systemd']);
    const kept = shop.start(['supervise', 'kept.json']);
    await kept.until('is ready');
    await run('supervise', 0, ['supervise', 'kept.json', 'status']);
    await run('supervise', 0, ['supervise', 'kept.json', 'restart', 'waits']);
    await run('supervise', 1, ['supervise', 'kept.json', 'restart', 'nobody']);
    await run('supervise', 0, ['supervise', 'kept.json', 'stop']);
    assert.equal((await kept.ended).exit, 0);
    await run('prime', 0, ['prime', 'init']);
    await run('prime', 2, ['prime', 'init', 'nowhere']);
    await run('help', 0, ['help', 'STORE_IO']);
    await run('help', 0, ['help', 'run']);
    await run('help', 2, ['help', 'nothing']);
    await run('logs', 0, ['logs', id(1)]);
    await run('logs', 2, ['logs', 'nothing']);
    await run('logsFollow', 0, ['logs', id(1), '--follow']);
    await run('export', 0, ['export', id(1), '--out', 'one.jsonl']);
    await run('export', 0, ['export', id(2), '--out', 'two.jsonl']);
    await run('export', 2, ['export', id(1)]);
    await run('import', 0, ['import', 'one.jsonl']);
    await run('import', 0, ['import', 'two.jsonl', '--store', 'elsewhere']);
    await run('import', 4, ['import', 'calls.ts']);
    await run('prune', 0, ['prune', '--older-than', '0s', '--dry-run']);
    await run('seal', 0, ['seal']);
    await run('seal', 0, ['seal', '--new-key', 'seal.key']);
    await run('seal', 2, ['seal', '--new-key', 'seal.key']);
    await run('seal', 4, ['seal', id(1)]);
    shop.program.write('resprout.config.json', '{ "seal": { "key": { "file": "seal.key" } } }');
    await run('seal', 0, ['seal']);
    await run('seal', 0, ['seal', '--all']);
    shop.program.write('resprout.config.json', '{}');
    await run('sessions', 0, ['sessions', '--state', 'sealed']);
    await run('show', 4, ['show', id(1)]);
    shop.program.write('resprout.config.json', '{ "seal": { "key": { "file": "seal.key" } } }');
    await run('rm', 0, ['rm', id(5)]);
    await run('rm', 2, ['rm', id(5)]);
    await run('prune', 0, ['prune', '--older-than', '0s']);
    await run('completion', 0, ['completion', 'fish']);
    await run('version', 0, ['version']);
    // A command that is added needs a definition, and a line above.
    for (const name of Object.keys(HELP)) assert.ok(seen.has(name), `${name} --json has not been tried against docs/output.schema.json`);
  },
);

test('the schema refuses what no command prints', () => {
  const fits = (definition: string, value: unknown): boolean => ajv.validate(`${schema.$id}#/$defs/${definition}`, value) === true;
  const problem = { code: 'STORE_IO', message: 'm', do: 'd' };
  assert.ok(fits('run', { ok: false, problem, exit: 4 }));
  for (const wrong of [
    {},
    { ok: true },
    { ok: false, value: 1 },
    { ok: true, value: 1, more: 1 },
    { ok: false, problem, exit: 0 },
    { ok: false, problem: { ...problem, code: 'no code' }, exit: 4 },
  ])
    assert.ok(!fits('run', wrong), JSON.stringify(wrong));
  assert.ok(!fits('sessions', { ok: true, value: [{ sessionId: 'ses_1' }] }));
  assert.ok(!fits('event', { seq: 1, t: 'unknown' }));
});
