// Programs that are not ours as units: ready, logs, ends.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { group, probeCommand, program, supervise, tree, unit } from '../../src/supervisor.ts';
import { isAlive } from '../support/processes.ts';
import { until } from '../support/until.ts';
import { Heard } from './support/lives.ts';
import { Grows } from './support/workers.ts';

const LIMIT = { timeout: 200_000 };
const sh = (script: string): readonly [string, ...string[]] => ['sh', '-c', script];

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'resprout-programs-'));
  try {
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a program is ready by a line that it prints, and its output is in its log', LIMIT, () =>
  inFolder(async (folder) => {
    const log = path.join(folder, 'web.log');
    const script =
      'trap "echo bye; exit 0" TERM; echo starting; printf "lis"; sleep 0.2; echo "tening on 80" >&2; while :; do sleep 0.05; done';
    const heard = new Heard();
    const web = program(sh(script), { name: 'web', ready: /^tening on \d+$/, log });
    const supervisor = await supervise(web, heard);
    assert.equal(readFileSync(log, 'utf8'), 'starting\nlistening on 80\n');
    await supervisor.close();
    assert.equal(readFileSync(log, 'utf8'), 'starting\nlistening on 80\nbye\n');
    assert.deepEqual([heard.ends[0]?.how, heard.ends[0]?.failure, heard.ends[0]?.isTornDown], ['cancelled', undefined, true]);
    assert.equal(statSync(log).mode & 0o777, 0o600);
  }),
);

test('a program that never says that it is ready is late, and one that is not there is told', LIMIT, async () => {
  await assert.rejects(supervise(program(sh('sleep 60'), { name: 'slow', ready: /never/, startMs: 300 })), { code: 'UNIT_LATE' });
  const heard = new Heard();
  await assert.rejects(supervise(program(['/no/such/program']), heard), { code: 'UNIT_FAILED', message: /ENOENT/ });
  assert.equal(heard.ends.length, 1);
  await assert.rejects(supervise(program(sh('exit 3'), { name: 'short', ready: /never/ })), {
    code: 'UNIT_FAILED',
    message: /ended with code 3/,
  });
});

test('a probe by command: ready when it ends with 0, and a liveness that fails makes new', LIMIT, () =>
  inFolder(async (folder) => {
    const file = path.join(folder, 'up');
    const pace = { periodMs: 20, timeoutMs: 20_000 };
    const probe = probeCommand(['test', '-e', file], pace);
    const script = `sleep 0.2; : > ${file}; exec sleep 60`;
    const supervisor = await supervise(
      program(sh(script), { name: 'web', ready: probe, liveness: { ...probe, failures: 2 }, backOff: { firstMs: 1 } }),
    );
    assert.ok(existsSync(file));
    rmSync(file);
    await until('a second life', () => supervisor.snapshot()[0]?.lives === 2 && supervisor.snapshot()[0]?.state === 'ready');
    await supervisor.close();
    const hangs = probeCommand(['sleep', '60'], { timeoutMs: 100 });
    await assert.rejects(supervise(program(['sleep', '60'], { ready: hangs, startMs: 500 })), { code: 'UNIT_LATE' });
  }),
);

test('exit codes, signals and what ignores them: failed, stopped for good, cancelled, killed', LIMIT, async () => {
  await inFolder(async (folder) => {
    const heard = new Heard();
    const go = path.join(folder, 'go');
    const then = (what: string) => sh(`until [ -e ${go} ]; do sleep 0.02; done; ${what}`);
    const units = [
      program(then('exit 7'), { name: 'stops', stopExitCodes: [7] }),
      program(then('kill -9 $$'), { name: 'killed', restart: 'temporary' }),
      program(then('exit 0'), { name: 'clean', restart: 'transient' }),
    ];
    const supervisor = await supervise(tree({ units: [units] }), heard);
    writeFileSync(go, '');
    assert.equal((await supervisor.ended).how, 'finished');
    const ends = heard.events.flatMap((event) =>
      event.kind === 'ended' ? [[event.unit, event.end.how, event.end.exitCode, event.end.signal]] : [],
    );
    assert.deepEqual(
      ends.toSorted((a, b) => String(a).localeCompare(String(b))),
      [
        ['clean', 'exited', 0, null],
        ['killed', 'failed', null, 'SIGKILL'],
        ['stops', 'failed', 7, null],
      ],
    );
  });
  const plain = new Heard();
  const stubborn = program(sh('trap "" TERM INT; (sleep 60 &) ; echo up; while :; do sleep 0.05; done'), {
    name: 'stubborn',
    ready: /up/,
    cancelMs: 200,
  });
  const other = program(['sleep', '60'], { name: 'polite', stopSignal: 'SIGINT' });
  await (await supervise(tree({ units: [stubborn, other] }), plain)).close();
  assert.deepEqual(
    plain.ends.map(({ how }) => how),
    ['cancelled', 'killed'],
  );
});

test('a log is put away when it is large, and no more are kept than asked for', LIMIT, () =>
  inFolder(async (folder) => {
    const file = path.join(folder, 'web.log');
    // What the pipe holds is written as one piece, which may be longer than a whole file: the program waits for what it has said.
    const waits = `until grep -qs "^line $i " ${file} ${file}.1; do sleep 0.02; done`;
    const lines = `echo "line $i of a log that grows and grows"; [ $((i % 20)) -eq 0 ] && ${waits}; i=$((i+1))`;
    const script = `i=0; while [ $i -lt 400 ]; do ${lines}; done; echo done; exec sleep 60`;
    const supervisor = await supervise(program(sh(script), { name: 'web', ready: /^done$/, log: { file, maxBytes: 2048, keep: 2 } }));
    await supervisor.close();
    const texts = [`${file}.2`, `${file}.1`, file].map((one) => readFileSync(one, 'utf8'));
    assert.ok(!existsSync(`${file}.3`));
    assert.ok(texts.join('').endsWith('line 399 of a log that grows and grows\ndone\n'));
    const numbers = [...texts.join('').matchAll(/^line (\d+) /gm)].map(([, n]) => Number(n));
    assert.deepEqual(
      numbers.slice(1),
      numbers.slice(0, -1).map((n) => n + 1),
      'nothing is missing in between',
    );
  }),
);

test('a full pipe: more output than anybody reads goes through, and nobody waits', LIMIT, () =>
  inFolder(async (folder) => {
    const file = path.join(folder, 'web.log');
    const script = 'head -c 8000000 /dev/zero | tr "\\0" "x"; echo; echo done; exec sleep 60';
    const supervisor = await supervise(program(sh(script), { name: 'web', ready: /^done$/, log: { file, maxBytes: 64_000_000, keep: 1 } }));
    await supervisor.close();
    assert.equal(statSync(file).size, 8_000_006);
  }),
);

test('what holds more memory than it may is made new: no crash, nothing of the budget', LIMIT, async () => {
  const heard = new Heard();
  const units = [unit(Grows, 150, { name: 'grows', maxRssMb: 120, startMs: 20_000 })];
  await using supervisor = await supervise(tree({ budget: { restarts: 0 }, units }), heard);
  await until('an end', () => heard.ends.length > 0);
  assert.deepEqual([heard.ends[0]?.how, heard.ends[0]?.isRecycled], ['cancelled', true]);
  await until('a second life', () => (supervisor.snapshot()[0]?.lives ?? 0) >= 2);
  assert.throws(() => unit(Grows, 1, { in: 'thread', maxRssMb: 100 }), { code: 'SUPERVISE_INVALID' });
  assert.throws(() => group(Grows, 1, { in: ['thread'], maxRssMb: 100 }), { code: 'SUPERVISE_INVALID' });
});

test('what watches files is made new when one changes: no crash, nothing of the budget', LIMIT, () =>
  inFolder(async (folder) => {
    const src = path.join(folder, 'src');
    mkdirSync(path.join(src, 'deep'), { recursive: true });
    mkdirSync(path.join(src, 'node_modules'));
    const text = path.join(src, 'deep/text');
    writeFileSync(text, 'one');
    const heard = new Heard();
    const web = program(sh(`echo "has $(cat ${text})"; exec sleep 600`), {
      name: 'web',
      ready: /^has/,
      log: path.join(folder, 'log'),
      watch: [src],
    });
    await using supervisor = await supervise(tree({ budget: { restarts: 0 }, units: [web] }), heard);
    const { pid } = supervisor.snapshot()[0] ?? {};
    writeFileSync(path.join(src, 'node_modules/other'), 'not meant');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.equal(supervisor.snapshot()[0]?.pid, pid, 'packages are not looked at');
    writeFileSync(text, 'two');
    writeFileSync(path.join(src, 'three'), '3');
    await until('a second life', () => /has two/.test(readFileSync(path.join(folder, 'log'), 'utf8')));
    assert.deepEqual([heard.ends[0]?.how, heard.ends[0]?.isRecycled], ['cancelled', true]);
  }),
);

test('a change while it starts is not lost', LIMIT, () =>
  inFolder(async (folder) => {
    const text = path.join(folder, 'text');
    const log = path.join(folder, 'log');
    writeFileSync(text, 'one');
    const script = `t=$(cat ${text}); echo "has $t"; [ $t = two ] || while [ ! -e ${folder}/go ]; do sleep 0.05; done; echo up; exec sleep 600`;
    const starting = supervise(program(sh(script), { name: 'web', ready: /^up/, log, watch: [text] }));
    await until('its first words', () => existsSync(log) && readFileSync(log, 'utf8') !== '');
    writeFileSync(text, 'two');
    await new Promise((resolve) => setTimeout(resolve, 500));
    writeFileSync(path.join(folder, 'go'), '');
    await using supervisor = await starting;
    await until('a second life', () => readFileSync(log, 'utf8') === 'has one\nup\nhas two\nup\n');
    assert.equal(supervisor.snapshot()[0]?.lives, 2);
  }),
);

test('a unit whose files cannot be watched fails, and says why', LIMIT, async () => {
  const units = [program(sh('exec sleep 600'), { name: 'web', watch: ['/no/such/folder'], ready: /never/ })];
  await assert.rejects(supervise(tree({ budget: { restarts: 0 }, units })), (error: Error) => {
    assert.match(String(error.message), /web has files that cannot be watched: ENOENT.*\/no\/such\/folder/);
    return true;
  });
  assert.throws(() => program(['a'], { watch: 'src' as never }), { code: 'SUPERVISE_INVALID' });
});

test('a killed owner leaves no program: each gets a SIGTERM, then the end', LIMIT, () =>
  inFolder(async (folder) => {
    const file = fileURLToPath(new URL('./support/program-owner-controller.ts', import.meta.url));
    const owner = spawn(process.execPath, [file, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pids = JSON.parse(String(await new Promise((resolve) => owner.stdout.once('data', resolve)))) as number[];
    assert.equal(pids.filter(isAlive).length, 2);
    owner.kill('SIGKILL');
    await until('the end of both programs', () => !pids.some(isAlive));
    assert.equal(readFileSync(path.join(folder, 'told'), 'utf8'), 'terminated\n');
  }),
);

test('program() refuses what makes no sense', () => {
  const refused = (make: () => unknown, text: RegExp): void =>
    assert.throws(make, (error: Error & { code?: string }) => error.code === 'SUPERVISE_INVALID' && text.test(error.message)) as void;
  refused(() => program([] as never), /^command is/);
  refused(() => program('sh' as never), /^command is/);
  refused(() => program(['a\0b']), /^command is/);
  refused(() => program(['sh'], { stopSignal: 'SIGKILL' as never }), /^stopSignal is/);
  refused(() => program(['sh'], { log: { file: 'x', maxBytes: 1 } }), /^log\.maxBytes is/);
  refused(() => program(['a b'], {}), /^name is/);
});
