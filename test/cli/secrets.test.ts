// A program that uses secrets in every way it can: nothing of them is shown, kept for lists, or left behind; in a sealed store not in the journal either.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync, chmodSync } from 'node:fs';
import { join } from 'node:path';
import { CANARIES, commandLinesBelow, tracesBelow, tracesIn } from './support/canaries.ts';
import { Shop, jsonOf, nothingLeft, type Ended } from './support/cli.ts';

const PROGRAM = `
import { execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import { local, Secret } from 'resprout';
import { activity } from 'resprout/durable';
import { far } from './far.mjs';

const ask = activity(async (key) => {
  const server = createServer((request, response) => response.end(JSON.stringify({ url: request.url, auth: request.headers.authorization, answer: readFileSync('answer', 'utf8') })));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = 'http://127.0.0.1:' + server.address().port + '/?key=' + encodeURIComponent(key);
  const basic = Buffer.from('user:' + key).toString('base64');
  const answer = await fetch(address, { headers: { authorization: 'Basic ' + basic } });
  const body = await answer.json();
  server.close();
  return { address, ...body };
}, { name: 'ask' });

export default async function main() {
  const env = process.env.API_KEY;
  const token = process.env.GH_TOKEN;
  const file = new Secret(readFileSync('secret', 'utf8'));
  console.log('as it is', env, token, file.reveal());
  console.log(JSON.stringify({ env, token, nested: JSON.stringify({ file: file.reveal() }) }), { env, list: [file.reveal()] });
  console.error('base64', Buffer.from(env).toString('base64'), Buffer.from('me:' + token).toString('base64url'), Buffer.from(file.reveal()).toString('base64'));
  console.log('address', encodeURIComponent(file.reveal()), String(new URLSearchParams({ env, token })));
  for (const piece of file.reveal().match(/.{1,7}/gs)) { process.stdout.write(piece); await new Promise((resolve) => setTimeout(resolve, 5)); }
  process.stdout.write('\\n');
  const answer = await ask(env);
  new Secret(answer.answer);
  console.log('answer', answer);
  try { execFileSync('sh', ['-c', 'echo "said $0" >&2; exit 3', env], { stdio: 'pipe' }); } catch (error) { console.log(error); }
  try { await promisify(execFile)('sh', ['-c', 'exit 4', token]); } catch (error) { console.log('cmd', error.cmd); }
  await new Promise((resolve) => spawn('sh', ['-c', 'printf "%s\\\\n" "$API_KEY"; printf "%s\\\\n" "$0" >&2', token], { stdio: 'inherit' }).on('close', resolve));
  const context = await local({ name: 'web-1' });
  try { await context.call(far, file, env); } catch (error) { console.log('far', error, error.kept, error.code); }
  writeFileSync('waits', '');
  while (!existsSync('go')) await new Promise((resolve) => setTimeout(resolve, 50));
  const returned = { env, token, deep: new Map([[file.reveal(), Buffer.from(file.reveal())]]), answer };
  if (process.argv.includes('--fails')) throw Object.assign(new Error('it failed with ' + env + ' and ' + file.reveal(), { cause: new Error(token) }), { returned });
  return returned;
}
`;
const FAR = `
export function far(secret, env) {
  console.log('far side', secret.reveal(), env);
  console.error('far error', Buffer.from(secret.reveal()).toString('base64'));
  throw Object.assign(new Error('far failure with ' + secret.reveal()), { kept: secret, code: 'E_FAR' });
}
`;
const FILES = { 'program.mjs': PROGRAM, 'far.mjs': FAR, secret: CANARIES.file, answer: CANARIES.answer };
const ENV = { API_KEY: CANARIES.API_KEY, GH_TOKEN: CANARIES.GH_TOKEN };

function assertClean(ended: Ended, what: string): void {
  assert.deepEqual(tracesIn(ended.bytes), [], `stdout of ${what}\n${ended.out}`);
  assert.deepEqual(tracesIn(ended.err), [], `stderr of ${what}\n${ended.err}`);
}

/** Runs the program with a kill amid it, then looks at it in every way. @returns what each command printed */
async function sweep(shop: Shop, args: readonly string[]): Promise<Map<string, Ended>> {
  const seen = new Map<string, Ended>();
  const env = { ...ENV, TMPDIR: join(shop.folder, 'tmp') };
  const look = async (what: readonly string[], given: Readonly<Record<string, string>> = {}): Promise<void> => {
    const ended = await shop.run(what, { env: given });
    const name = `${what.join(' ')}${Object.keys(given).length > 0 ? ', with the environment' : ''}`;
    assertClean(ended, name);
    seen.set(name, ended);
  };
  const first = shop.start(['run', 'program.mjs', '--verbose', ...args], { env });
  await shop.until('waits');
  for (const line of commandLinesBelow(first.pid)) assert.deepEqual(tracesIn(line), [], line);
  await look(['sessions']);
  await look(['show', 'last']);
  first.kill('SIGKILL');
  assertClean(await first.ended, 'the run that was killed');
  await look(['sessions', '--json']);
  shop.program.write('go', '');
  const resumed = await shop.run(['resume', 'last', '--verbose'], { env });
  assertClean(resumed, 'resume');
  seen.set('resume', resumed);
  // A later process, which knows neither the environment of the run nor the Secrets that it made.
  const ways = [
    ['show', 'last'],
    ['show', 'last', '--events'],
    ['show', 'last', '--json'],
    ['show', 'last', '--events', '--json'],
    ['logs'],
    ['logs', '--json'],
  ];
  for (const way of [...ways, ['sessions'], ['sessions', '--json'], ['show', 'last', '--html', 'page.html']]) await look(way);
  await look(['logs', '--json'], ENV);
  for (let event = 0; ; event++) {
    const ended = await shop.run(['show', 'last', '--event', String(event)]);
    if (ended.exit !== 0) break;
    assertClean(ended, `event ${event}`);
  }
  await look(['replay', 'last'], env);
  assert.deepEqual(tracesIn(readFileSync(join(shop.folder, 'page.html'))), []);
  return seen;
}

const settings = (more: object): string => JSON.stringify({ secrets: ['API_KEY', '*_TOKEN'], ...more });

for (const [how, args, exit] of [
  ['returns', [], 0],
  ['fails', ['--', '--fails'], 1],
] as const)
  test(`of a program that ${how} no secret is found in anything shown or kept, and none in a sealed store at all`, async () => {
    using shop = new Shop({
      ...FILES,
      'resprout.config.json': settings({ seal: { key: { file: 'keys/seal' } } }),
      'tmp/none': '',
      'keys/none': '',
    });
    assert.equal((await shop.run(['seal', '--new-key', 'keys/seal'])).exit, 0);
    const seen = await sweep(shop, args);
    assert.equal(seen.get('resume')?.exit, exit, seen.get('resume')?.err ?? '');
    for (const part of ['.resprout', 'tmp', '.cache'].filter((name) => readdirSync(shop.folder).includes(name)))
      assert.deepEqual(tracesBelow(join(shop.folder, part)), [], part);
    // It was there to be found: the program had it, and what stands in its place says which it was.
    assert.match(seen.get('logs')?.out ?? '', /as it is \[secret API_KEY\] \[secret GH_TOKEN\] \[secret\]/);
    assert.match(seen.get('show last')?.out ?? '', /\[secret API_KEY\]/);
    assert.match(
      seen.get('logs')?.out ?? '',
      /far Error: far failure with \[secret\][^]*\[Secret\] E_FAR/,
      'the error arrives with its other fields',
    );
    await nothingLeft(shop.folder);
  });

test('without a seal the journal alone holds what the program was given, and nothing else of the store does', async () => {
  using shop = new Shop({ ...FILES, 'resprout.config.json': settings({}), 'tmp/none': '' });
  await sweep(shop, ['--', '--fails']);
  const found = tracesBelow(join(shop.folder, '.resprout'));
  const others = found.filter((line) => !/journal-1\.db: /.test(line));
  assert.deepEqual(others, []);
  assert.ok(found.length > 4, 'the journal is byte-true: a replay gives the program the same');
});

test('a replay compares what the program printed, not what was shown of it', async () => {
  using shop = new Shop({
    'program.mjs': `export default () => { console.log(process.env.API_KEY); return 1; }`,
    'resprout.config.json': settings({}),
  });
  assert.equal((await shop.run(['run', 'program.mjs', '--check'], { env: ENV })).exit, 0);
  const other = await shop.run(['replay', 'last'], { env: { API_KEY: 'another value of the key' } });
  assert.equal(
    jsonOf(await shop.run(['replay', 'last', '--json'], { env: { API_KEY: 'another value of the key' } })).problem?.code,
    'JOURNAL_DIVERGED',
  );
  assert.doesNotMatch(other.err, /another value/);
});

test('a short secret is said to be shown, once, and only by its name', async () => {
  using shop = new Shop({ 'program.mjs': 'export default () => console.log(process.env.PIN_TOKEN)', 'resprout.config.json': settings({}) });
  const ended = await shop.run(['run', 'program.mjs'], { env: { PIN_TOKEN: '1234' } });
  assert.equal(ended.out, '1234\n');
  assert.equal(ended.err.split('the secret PIN_TOKEN has fewer than 6 characters').length, 2, ended.err);
});

test('lists go on without the key of sealed sessions, everything else says what is missing, and with the key all is there again', async () => {
  using shop = new Shop({ 'program.mjs': `export default () => { console.log('hello'); return 7; }`, 'keys/none': '' });
  const key = join(shop.folder, 'keys/seal');
  await shop.run(['run', 'program.mjs']);
  await shop.run(['seal', '--new-key', 'keys/seal']);
  const sealed = JSON.stringify({ seal: { key: { file: 'keys/seal' } } });
  shop.program.write('resprout.config.json', sealed);
  await shop.run(['run', 'program.mjs']);
  const states = async (): Promise<string[]> => {
    const { value } = jsonOf(await shop.run(['sessions', '--json'])) as unknown as { value: { state: string }[] };
    return value.map(({ state }) => state);
  };
  assert.deepEqual(await states(), ['done', 'done'], 'sealed and not sealed, side by side');
  const bytes = readFileSync(key);
  const code = async (...args: readonly string[]): Promise<string | undefined> => jsonOf(await shop.run([...args, '--json'])).problem?.code;
  for (const [problem, spoil] of [
    ['SEAL_KEY_UNSAFE', () => chmodSync(key, 0o644)],
    ['SEAL_KEY_MISSING', () => writeFileSync(key, 'no key at all')],
    ['SEAL_KEY_WRONG', () => writeFileSync(key, `resprout-seal-1 ${'A'.repeat(43)}\n`)],
    ['SEAL_KEY_MISSING', () => shop.program.write('resprout.config.json', '{}')],
  ] as const) {
    spoil();
    assert.deepEqual(await states(), ['sealed', 'done'], problem);
    for (const args of [
      ['show', 'last'],
      ['logs', 'last'],
      ['replay', 'last'],
      ['resume', 'last'],
      ['fork', 'last', '--at', '1'],
    ])
      assert.equal(await code(...args), problem, args.join(' '));
    shop.program.write('resprout.config.json', sealed);
    writeFileSync(key, bytes);
    chmodSync(key, 0o600);
  }
  assert.deepEqual(await states(), ['done', 'done']);
  assert.equal((await shop.run(['logs', 'last'])).out, 'hello\n');
  assert.equal(await code('seal', '--new-key', 'keys/seal'), 'USAGE', 'a key is never written over');
  const all = await shop.run(['seal', '--all', '--json']);
  assert.equal((jsonOf(all) as unknown as { value: { sealed: string[] } }).value.sealed.length, 1);
  for (const id of shop.ids()) {
    assert.match((await shop.run(['show', id])).out, /returned 7/);
    assert.equal((await shop.run(['logs', id])).out, 'hello\n');
    assert.equal((await shop.run(['replay', id])).exit, 0);
    for (const name of readdirSync(join(shop.store, 'runs', id)))
      assert.doesNotMatch(readFileSync(join(shop.store, 'runs', id, name), 'latin1'), /hello|program\.mjs/, name);
  }
});

test('a key comes from a credential of a service and from a command, which is not waited for without end', async () => {
  using shop = new Shop({ 'program.mjs': 'export default () => 7', 'credentials/none': '' });
  await shop.run(['seal', '--new-key', 'credentials/resprout']);
  const credentials = { CREDENTIALS_DIRECTORY: join(shop.folder, 'credentials') };
  shop.program.write('resprout.config.json', JSON.stringify({ seal: { key: { credential: 'resprout' } } }));
  assert.equal((await shop.run(['run', 'program.mjs'], { env: credentials })).exit, 0);
  assert.match((await shop.run(['show', 'last'])).err, /SEAL_KEY_MISSING.*CREDENTIALS_DIRECTORY/);
  shop.program.write('resprout.config.json', JSON.stringify({ seal: { key: { command: ['cat', 'credentials/resprout'] } } }));
  assert.match((await shop.run(['show', 'last'])).out, /returned 7/);
  for (const [command, saw] of [
    [['sh', '-c', 'exit 3'], /exit code 3/],
    [['no-such-program'], /ENOENT/],
    [['yes'], /more than 4096 bytes/],
    [['echo', 'secret words'], /a text that is no key/],
  ] as const) {
    shop.program.write('resprout.config.json', JSON.stringify({ seal: { key: { command } } }));
    const ended = await shop.run(['show', 'last']);
    assert.match(ended.err, saw);
    assert.doesNotMatch(ended.err, /secret words/);
  }
  shop.program.write('resprout.config.json', JSON.stringify({ seal: { key: { file: '.resprout/inside' } } }));
  await shop.run(['seal', '--new-key', '.resprout/inside']);
  assert.match((await shop.run(['show', 'last'])).err, /SEAL_KEY_UNSAFE[^]*lies in the store/);
});
