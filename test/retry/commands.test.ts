// `resume --retry`, `--from` and `fork` as a user gives them. The programs write files; what stands in them is what they did.
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import path from 'node:path';
import { jsonOf, Shop, type Ended } from '../cli/support/cli.ts';
import { freePort } from '../support/free-port.ts';

const HEAD = `import { appendFile, readFile } from 'node:fs/promises';
import { appendFileSync, readFileSync } from 'node:fs';
const note = (text) => appendFile('log.txt', text + '\\n');
`;

const shops: Shop[] = [];
after(() => {
  for (const shop of shops) shop[Symbol.dispose]();
});

/** A project with one program that has failed or ended, and its session. */
async function ran(body: string, exit: number, more = ''): Promise<{ shop: Shop; id: string; ended: Ended }> {
  const shop = new Shop({ 'p.ts': `${HEAD}${more}export default async () => {\n${body}\n};\n` });
  shops.push(shop);
  const ended = await shop.run(['run', 'p.ts']);
  assert.equal(ended.exit, exit, ended.err);
  return { shop, id: shop.onlyId(), ended };
}

const log = (shop: Shop): string => readFileSync(path.join(shop.folder, 'log.txt'), 'utf8').replaceAll('\n', ' ').trim();
const write = (shop: Shop, name: string, text: string): void => writeFileSync(path.join(shop.folder, name), text);

interface ShownEvent {
  readonly seq: number;
  readonly t: string;
  readonly id?: number;
  readonly void?: true;
}
async function shownEvents(shop: Shop, id: string): Promise<readonly ShownEvent[]> {
  const shown = jsonOf(await shop.run(['show', id, '--events', '--json'])).value as unknown as { readonly events: readonly ShownEvent[] };
  return shown.events;
}

test('a failed run says how to go on; the retry makes the failed call again and nothing before it; show marks what is void', async () => {
  const { shop, id, ended } = await ran(
    `await note('a'); const text = await readFile('late.txt', 'utf8'); await note('b'); return text;`,
    1,
  );
  assert.match(ended.err, new RegExp(`do +Mend the cause; then resprout resume ${id} --retry makes the call again`));
  const early = await shop.run(['resume', id]);
  assert.equal(early.exit, 2);
  assert.match(early.err, new RegExp(`SESSION_ENDED[^]*resprout resume ${id} --retry`));
  const again = await shop.run(['resume', id, '--retry']);
  assert.equal(again.exit, 1, 'the cause is still there');
  write(shop, 'late.txt', 'here');
  const retried = await shop.run(['resume', id, '--retry']);
  assert.equal(retried.exit, 0, retried.err);
  assert.match(retried.err, /going on from event \d+: fs\/promises\.readFile \(p\.ts:5\) is made again\n/);
  assert.equal(log(shop), 'a b');
  const lines = (await shop.run(['show', id, '--events'])).out;
  assert.match(lines, /^\d+ .*done, void .*ENOENT/m);
  assert.match(lines, /^\d+ .*rewind +goes on from event 4/m);
  assert.match((await shop.run(['show', id])).out, /returned 'here'/);
  assert.equal((await shop.run(['replay', id])).exit, 0);
  const done = await shop.run(['resume', id, '--retry']);
  assert.equal(done.exit, 2, 'a session that is done stays so');
  assert.match(done.err, /SESSION_ENDED/);
});

test('a synchronous call that failed is made anew, with the error of a cause below it', async () => {
  const { shop, id } = await ran(
    `await note('a'); try { return readFileSync('late.txt', 'utf8'); } catch (cause) { throw new Error('no', { cause }); }`,
    1,
  );
  write(shop, 'late.txt', 'here');
  const retried = await shop.run(['resume', id, '--retry']);
  assert.deepEqual([retried.exit, log(shop)], [0, 'a'], retried.err);
  assert.equal((await shop.run(['replay', id])).exit, 0);
});

test('results of other calls that came behind the failure are kept, their errors are not, and both are counted', async () => {
  // allSettled waits for all: the failure of the first stands before the results of the others.
  const { shop, id } = await ran(
    `const [one, x, two] = [readFile('one.txt', 'utf8'), slow('x'), readFile('two.txt', 'utf8')];
     void Promise.allSettled([one, two]).then(() => isRead.resolve());
     const all = await Promise.allSettled([one, x, two]);
     const failed = all.filter((one) => one.status === 'rejected').map((one) => one.reason);
     if (failed.length > 0) throw new AggregateError(failed, 'not all are there');
     await note('end');
     return all.map((one) => one.value);`,
    1,
    `import { activity } from 'resprout/durable';
const isRead = Promise.withResolvers();
const slow = activity(async (text) => { await isRead.promise; appendFileSync('log.txt', text + '\\n'); return text; });
`,
  );
  write(shop, 'one.txt', '1');
  write(shop, 'two.txt', '2');
  const retried = await shop.run(['resume', id, '--retry', '--json']);
  assert.deepEqual(jsonOf(retried).value, ['1', 'x', '2'] as never, retried.err);
  assert.match(retried.err, /calls under way there that have no result: 1, made again too; results after it: 1 kept/);
  assert.equal(log(shop), 'x end', 'the slow call was not made twice');
  assert.equal((await shop.run(['replay', id])).exit, 0);
});

test('what other strands did behind the failure stays, unless they would do it otherwise without it', async () => {
  const lanes = `let isBroken = false;
     const lane = async (name) => {
       await note(name + 1);
       try { if (name === 'b') await readFile('late.txt'); } catch (error) { isBroken = true; throw error; }
       for (const number of [2, 3, 4, 5, 6, 7, 8]) await note(name + number + SAID);
     };
     const failed = (await Promise.allSettled(['a', 'b'].map(lane))).filter((one) => one.status === 'rejected');
     if (failed.length > 0) throw new AggregateError(failed.map((one) => one.reason), 'no');`;
  const [free, bound] = await Promise.all([ran(lanes.replace('SAID', `''`), 1), ran(lanes.replace('SAID', `(isBroken ? '!' : '')`), 1)]);
  for (const { shop } of [free, bound]) write(shop, 'late.txt', '');
  const retried = await free.shop.run(['resume', free.id, '--retry']);
  assert.equal(retried.exit, 0, retried.err);
  assert.match(retried.err, /results after it: \d kept\n/);
  assert.equal(log(free.shop).split(' ').sort().join(' '), 'a1 a2 a3 a4 a5 a6 a7 a8 b1 b2 b3 b4 b5 b6 b7 b8');
  const other = await bound.shop.run(['resume', bound.id, '--retry']);
  assert.equal(other.exit, 0, other.err);
  assert.match(other.err, /results after it: \d void/);
  assert.match(log(bound.shop), /a8! .*a8/);
  for (const { shop, id } of [free, bound]) assert.equal((await shop.run(['replay', id])).exit, 0);
});

test('what was done behind the failure is told to be void, and done again where the program comes by it', async () => {
  const { shop, id } = await ran(
    `try { await readFile('late.txt'); } catch (error) { await note('caught'); throw error; } finally { await note('finally'); } await note('end');`,
    1,
  );
  write(shop, 'late.txt', '');
  const retried = await shop.run(['resume', id, '--retry']);
  assert.equal(retried.exit, 0, retried.err);
  assert.match(retried.err, /results after it: 2 void, those calls are made again where the program comes by them/);
  assert.equal(log(shop), 'caught finally finally end');
});

test('a call that a timer cut off gets its whole time again: AbortSignal.timeout, and a race with a timer', async () => {
  // A server that accepts and says nothing.
  const asking = new Set<Socket>();
  const silent = createServer((socket) => asking.add(socket.on('error', () => {})));
  const port = await freePort();
  await new Promise<void>((resolve) => silent.listen(port, '127.0.0.1', () => resolve()));
  const url = `http://127.0.0.1:${port}/`;
  const [signal, race] = await Promise.all([
    ran(`await note('a'); return await (await fetch('${url}', { signal: AbortSignal.timeout(10_000) })).text();`, 1),
    ran(
      `await note('a'); const late = new Promise((_, no) => setTimeout(() => no(new Error('too slow')), 10_000));
     return await (await Promise.race([fetch('${url}'), late])).text();`,
      1,
    ),
  ]);
  for (const socket of asking) socket.destroy();
  await new Promise<void>((resolve) => silent.close(() => resolve()));
  // It answers, and later than a timer that is due already would wait.
  const speaking = createServer((socket) => {
    socket.on('error', () => {}).resume();
    setTimeout(() => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nfine'), 300);
  });
  await new Promise<void>((resolve) => speaking.listen(port, '127.0.0.1', () => resolve()));
  try {
    for (const { shop, id, ended } of [signal, race]) {
      assert.match(ended.err, /Mend the cause; then/);
      const retried = await shop.run(['resume', id, '--retry', '--json']);
      assert.deepEqual([jsonOf(retried).value, log(shop)], ['fine', 'a'], retried.err);
      assert.equal((await shop.run(['replay', id])).exit, 0);
    }
  } finally {
    await new Promise<void>((resolve) => speaking.close(() => resolve()));
  }
});

test('a connection that was refused is made again', async () => {
  const server = createServer((socket) => socket.end('hello'));
  const port = await freePort();
  const body = `await note('a'); const socket = connect(${port}, '127.0.0.1');
     return await new Promise((ok, no) => { socket.on('data', (data) => ok(String(data))); socket.on('error', no); });`;
  const { shop, id } = await ran(body, 1, `import { connect } from 'node:net';\n`);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
  try {
    const retried = await shop.run(['resume', id, '--retry', '--json']);
    assert.deepEqual([jsonOf(retried).value, log(shop)], ['hello', 'a'], retried.err);
  } finally {
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
});

test('a call that may run at most once is made again only when the user says so', async () => {
  const { shop, id } = await ran(
    `await note('a'); return await pay();`,
    1,
    `import { atMostOnce, idempotencyKey } from 'resprout/durable';
const pay = atMostOnce(async () => { appendFileSync('log.txt', idempotencyKey().split('/')[1] + '\\n'); return readFileSync('late.txt', 'utf8'); });
`,
  );
  write(shop, 'late.txt', 'paid');
  const unsaid = await shop.run(['resume', id, '--retry']);
  assert.equal(unsaid.exit, 1);
  assert.match(unsaid.err, /OUTCOME_UNKNOWN[^]*was made before this retry[^]*--repeat-unknown/);
  assert.equal(log(shop), 'a 1');
  const said = await shop.run(['resume', id, '--retry', '--repeat-unknown']);
  assert.equal(said.exit, 0, said.err);
  assert.equal(log(shop), 'a 1 1', 'with the key that it had');
});

test('--build goes on with corrected code when it repeats what came before, and leaves the session as it was when it does not', async () => {
  const { shop, id } = await ran(`await note('a'); const one = null; await note(one.name); return 1;`, 1);
  const program = readFileSync(path.join(shop.folder, 'p.ts'), 'utf8');
  const before = await shownEvents(shop, id);
  write(shop, 'p.ts', program.replace(`note('a')`, `readFile('p.ts')`));
  const other = await shop.run(['resume', id, '--retry', '--build', 'p.ts']);
  assert.equal(other.exit, 4);
  assert.match(other.err, /JOURNAL_DIVERGED[^]*--from EVENT/);
  assert.deepEqual(await shownEvents(shop, id), before);
  write(shop, 'p.ts', program.replace('null', `{ name: 'b' }`));
  const same = await shop.run(['resume', id, '--retry']);
  assert.equal(same.exit, 1, 'the recorded build has the bug');
  const mended = await shop.run(['resume', id, '--retry', '--build', 'p.ts']);
  assert.deepEqual([mended.exit, log(shop)], [0, 'a b'], mended.err);
  assert.equal((await shop.run(['replay', id])).exit, 0);
});

test('--from goes on from an event that a person names, also of a session that is done', async () => {
  const { shop, id } = await ran(`await note('a'); const text = await readFile('p.ts', 'utf8'); await note('b'); return text.length;`, 0);
  const events = await shownEvents(shop, id);
  const second = events.find(({ t, id: number }) => t === 'call' && number === 2);
  const again = await shop.run(['resume', id, '--retry', '--from', String(second?.seq)]);
  assert.equal(again.exit, 0, again.err);
  assert.match(again.err, /appendFile \(p\.ts:3\) is made again; results after it: 1 void/);
  assert.equal(log(shop), 'a b b');
  for (const wrong of ['999', String(second?.seq)]) {
    const refused = await shop.run(['resume', id, '--retry', '--from', wrong]);
    assert.equal(refused.exit, 2);
    assert.match(refused.err, /a session goes on from a call or from a result/);
  }
  for (const args of [
    ['--from', '0'],
    ['--from', 'x'],
  ])
    assert.equal((await shop.run(['resume', id, '--retry', ...args])).exit, 2);
  assert.equal((await shop.run(['resume', '--retry'])).exit, 2);
  assert.equal((await shop.run(['replay', id])).exit, 0);
});

test('fork makes a session that shares the history up to an event and goes its own way; the other one stays as it is', async () => {
  const { shop, id } = await ran(
    `const drawn = Math.random(); await note('a'); const text = await readFile('p.ts', 'utf8'); const size = readFileSync('p.ts', 'utf8').length;
     await note(text.length + '/' + size); return [drawn, text.length, size];`,
    0,
  );
  const events = await shownEvents(shop, id);
  const [drawn, length] = await valueOf(shop, id);
  const seqOf = (number: number): string => String(events.find(({ t, id: at }) => (t === 'call' || t === 'sync') && at === number)?.seq);
  const fork = async (...args: string[]): Promise<string> => {
    const forked = await shop.run(['fork', id, ...args]);
    assert.equal(forked.exit, 0, forked.err);
    return forked.out.trim();
  };
  const plain = await fork('--at', seqOf(3));
  const given = await fork('--at', seqOf(1), '--result', '"four"');
  const sync = await fork('--at', seqOf(2), '--result', '"12345"');
  for (const one of [plain, given, sync]) assert.equal((await shop.run(['resume', one])).exit, 0);
  assert.deepEqual(await valueOf(shop, plain), [drawn, length, length]);
  assert.deepEqual(await valueOf(shop, given), [drawn, 4, length]);
  assert.deepEqual(await valueOf(shop, sync), [drawn, length, 5]);
  assert.equal(log(shop), `a ${length}/${length} ${length}/${length} 4/${length} ${length}/5`);
  assert.match((await shop.run(['show', given])).out, /readFile → 'four' {2}given by hand/);
  assert.match((await shop.run(['show', given, '--events'])).out, new RegExp(`fork +of ${id}, from its event ${seqOf(1)} on`));
  for (const one of [plain, given, sync]) assert.equal((await shop.run(['replay', one])).exit, 0, 'a fork is replayed as any session');
  assert.deepEqual(await shownEvents(shop, id), events);
  const runs = readdirSync(path.join(shop.store, 'runs')).length;
  for (const args of [['--at', '999'], ['--at', '2', '--result', '1'], ['--at', seqOf(1), '--result', '{'], []])
    assert.equal((await shop.run(['fork', id, ...args])).exit, 2, args.join(' '));
  assert.equal(readdirSync(path.join(shop.store, 'runs')).length, runs, 'a fork that is refused leaves nothing');
  assert.ok(existsSync(path.join(shop.store, 'runs', id)));
});

/** What a session returned. */
async function valueOf(shop: Shop, id: string): Promise<readonly number[]> {
  const events = (
    jsonOf(await shop.run(['show', id, '--events', '--json'])).value as unknown as {
      readonly events: readonly { t: string; value?: never }[];
    }
  ).events;
  return events.findLast(({ t }) => t === 'end')?.value ?? assert.fail('it has no end');
}
