import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { needs } from '../../../../test/support/needs.ts';
import { COMMAND_LIMIT_BYTES, commandLine, farCommand, farWords } from './far-command.ts';
import { firstStage, SHELL_PROOF_HEAD } from './first-stage.ts';
import { FAR_NODE_FLOOR, isNewEnough } from './node-version.ts';
import { namedText, seekingText } from './probe.ts';
import { quote } from './quote.ts';

const MARK = 'm0123456789abcdef';
const CORE = brotliCompressSync(
  `const fs=require('fs');console.log('user text');const b=Buffer.alloc(99);const n=fs.readSync(3,b);fs.writeSync(4,'GOT '+b.subarray(0,n)+' '+fs.fstatSync(5).isFIFO()+' '+fs.fstatSync(0).isCharacterDevice())`,
);
/** Runs a first stage whose descriptor 3 is our stdin, which Node makes non-blocking when it looks at it, and whose descriptor 4 is our stdout. */
const NON_BLOCKING = [
  'process.stdin.pause()',
  'f=/flags:.([0-7]+)/.exec(require("fs").readFileSync("/proc/self/fdinfo/0","utf8"))[1]',
  'if(parseInt(f,8)&2048)console.log("non-blocking")',
  's=["ignore","ignore","inherit",0,1,"ignore"]',
  'process.exit(require("child_process").spawnSync(process.execPath,["-e",process.argv[1]],{stdio:s}).status)',
].join(';');
const installed = ['dash', 'bash', 'zsh', 'mksh', 'fish', 'tcsh', 'bsd-csh', 'busybox sh'].filter(
  (shell) => spawnSync('sh', ['-c', `command -v ${shell.split(' ')[0]}`]).status === 0,
);

/** Runs a command line in a login shell, as sshd does, with the core and some bytes behind it on stdin. */
function runIn(shell: string, command: string, env: Record<string, string>) {
  const [file = '', ...args] = shell.split(' ');
  const done = spawnSync(file, [...args, '-c', command], {
    input: Buffer.concat([SHELL_PROOF_HEAD, CORE, Buffer.from('bytes')]),
    encoding: 'utf8',
    env,
    timeout: 60_000,
  });
  return { ...done, line: done.stdout.split('\n')[0] ?? '' };
}

function home(): { path: string; node: (place: string, what: string | { script: string }) => void } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'resprout-home-'));
  return {
    path,
    node(place, what) {
      const file = join(path, place);
      mkdirSync(dirname(file), { recursive: true });
      if (typeof what === 'string') symlinkSync(what, file);
      else {
        writeFileSync(file, what.script);
        chmodSync(file, 0o755);
      }
    },
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

test('farCommand stays within its budget with the largest core', () => {
  for (const command of [farCommand(MARK, 99_999), commandLine(farWords(MARK, 99_999, undefined, true))]) {
    const bytes = Buffer.byteLength(command);
    assert.ok(bytes <= COMMAND_LIMIT_BYTES, `${bytes} bytes`);
  }
});

test('firstStage, seekingText and namedText hold no character that a shell on the way could act on', () => {
  assert.doesNotMatch(firstStage(99_999), /['\\!$`\n\r]/);
  for (const text of [seekingText(), seekingText(true), namedText(), namedText(true)]) assert.doesNotMatch(text, /['\\\n\r]/);
  // csh takes `!` for its history unless a blank or `=` follows; `$!` followed by `;` or `&` is what the text has, and csh -c has no history.
  for (const [, next] of seekingText().matchAll(/!(.)/g)) assert.match(next ?? '', /[;&]/);
});

test('seekingText refuses exactly the versions below the floor', () => {
  const versions = [
    'v0.12.18',
    'v4.9.1',
    'v12.22.12',
    'v19.9.0',
    'v20.20.2',
    'v21.0.0',
    'v22.0.0',
    'v22.9.0',
    'v22.17.1',
    'v22.18.0',
    'v22.23.3',
    'v23.0.0',
    'v24.21.0',
    'v26.10.0',
    'v99.0.0',
    'nonsense',
    '',
  ];
  const judge = /u\(\)\{.*?esac;return 2;\}/.exec(seekingText())?.[0] ?? assert.fail();
  const said = spawnSync('sh', ['-c', `${judge};for v in ${versions.map((v) => quote(v)).join(' ')};do u "$v";echo $?;done`], {
    encoding: 'utf8',
  });
  const codes = said.stdout.trim().split('\n').map(Number);
  assert.deepEqual(
    codes,
    versions.map((version) => (/^v\d/.test(version) ? (isNewEnough(version.slice(1)) ? 0 : 1) : 2)),
  );
  assert.equal(isNewEnough(`${FAR_NODE_FLOOR}.0`), true);
});

test(`farCommand finds Node in the homes of version managers, in ${installed.join(', ')}`, () => {
  const good = process.execPath;
  const old = { script: '#!/bin/sh\necho v20.20.2\n' };
  const homes: Record<string, { set: [string, string | { script: string }][]; finds: string }> = {
    nvm: { set: [['.nvm/versions/node/v26.1.0/bin/node', good]], finds: '.nvm/versions/node/v26.1.0' },
    'old on PATH, fnm': {
      set: [
        ['bin/node', old],
        ['.local/share/fnm/node-versions/v26.1.0/installation/bin/node', good],
      ],
      finds: '.local/share/fnm/node-versions/v26.1.0/installation',
    },
    'fnm of macOS, a space in the path': {
      set: [['Library/Application Support/fnm/node-versions/v26.1.0/installation/bin/node', good]],
      finds: 'Library/Application Support/fnm/node-versions/v26.1.0/installation',
    },
    volta: { set: [['.volta/tools/image/node/26.1.0/bin/node', good]], finds: '.volta/tools/image/node/26.1.0' },
    asdf: { set: [['.asdf/installs/nodejs/26.1.0/bin/node', good]], finds: '.asdf/installs/nodejs/26.1.0' },
    mise: { set: [['.local/share/mise/installs/node/26.1.0/bin/node', good]], finds: '.local/share/mise/installs/node/26.1.0' },
    n: { set: [['n/bin/node', good]], finds: 'n' },
    'broken on PATH, nvm': {
      set: [
        ['bin/node', { script: '\u007fELFjunk' }],
        ['.nvm/versions/node/v26.1.0/bin/node', good],
      ],
      finds: '.nvm/versions/node/v26.1.0',
    },
    'a folder on PATH, nvm': {
      set: [
        ['bin/node/x', { script: '' }],
        ['.nvm/versions/node/v26.1.0/bin/node', good],
      ],
      finds: '.nvm/versions/node/v26.1.0',
    },
    'a shim that reads stdin, nvm': {
      set: [
        ['bin/node', { script: '#!/bin/sh\nread a; echo "$a" >"$HOME/eaten"; exit 1\n' }],
        ['.nvm/versions/node/v26.1.0/bin/node', good],
      ],
      finds: '.nvm/versions/node/v26.1.0',
    },
  };
  for (const [name, { set, finds }] of Object.entries(homes)) {
    using place = home();
    for (const [path, what] of set) place.node(path, what);
    for (const shell of installed) {
      const ran = runIn(shell, farCommand(MARK, CORE.length), { HOME: place.path, PATH: `${place.path}/bin:/usr/bin:/bin` });
      assert.equal(ran.line, `${MARK} ok ${join(place.path, finds)}/bin/node ${process.version}`, `${name} in ${shell}: ${ran.stderr}`);
      assert.match(ran.stdout, /\nGOT bytes (true|false) true$/, `${name} in ${shell}`);
      assert.equal(ran.status, 0);
    }
  }
});

test('farCommand survives being quoted for two more shells', () => {
  using place = home();
  place.node('n/bin/node', process.execPath);
  const deep = `sh -c ${quote(`sh -c ${quote(farCommand(MARK, CORE.length))}`)}`;
  for (const shell of installed) {
    const ran = runIn(shell, deep, { HOME: place.path, PATH: '/usr/bin:/bin' });
    assert.match(ran.stdout, /GOT bytes true true$/, `${shell}: ${ran.stderr}`);
  }
});

test('farCommand goes on to the next candidate when one hangs', () => {
  using place = home();
  place.node('bin/node', { script: '#!/bin/sh\nexec sleep 60\n' });
  place.node('.nvm/versions/node/v26.1.0/bin/node', process.execPath);
  const ran = runIn('sh', farCommand(MARK, CORE.length), { HOME: place.path, PATH: `${place.path}/bin:/usr/bin:/bin` });
  assert.match(ran.stdout, /GOT bytes true true$/, ran.stderr);
});

test('farCommand tells the core by descriptor 5 that nothing is captured where /proc cannot be written', () => {
  const text = farCommand(MARK, CORE.length, process.execPath).replaceAll('/proc/self/fd/0', '/nowhere/fd/0');
  const ran = runIn('sh', text, { HOME: '/nonexistent', PATH: '/usr/bin:/bin' });
  assert.match(ran.stdout, /GOT bytes false true$/);
  assert.equal(ran.stderr, 'user text\n');
});

test('firstStage ends with 1 when its core is cut off, and waits for one that comes in pieces', () => {
  const run = (input: string) =>
    spawnSync('sh', ['-c', `(${input}) | "$NODE" -e ${quote(firstStage(CORE.length))} 3<&0 4>&1 5</dev/null </dev/null`], {
      encoding: 'utf8',
      env: { NODE: process.execPath, CORE: Buffer.concat([SHELL_PROOF_HEAD, CORE]).toString('base64'), PATH: '/usr/bin:/bin' },
    });
  const decoded = `printf %s "$CORE" | base64 -d`;
  assert.equal(run(`${decoded} | head -c 50`).status, 1);
  const pieces = run(`${decoded} | head -c 50; sleep 0.3; ${decoded} | tail -c +51; printf bytes`);
  assert.match(pieces.stdout, /GOT bytes/);
});

test('firstStage waits at a stdin that is non-blocking, and says what is wrong with a core that is none', { skip: needs('linux') }, () => {
  const start = (input: string, core: Uint8Array) =>
    spawnSync('sh', ['-c', `(${input}) | "$NODE" -e ${quote(NON_BLOCKING)} ${quote(firstStage(CORE.length))}`], {
      encoding: 'utf8',
      env: {
        NODE: process.execPath,
        CORE: Buffer.concat([SHELL_PROOF_HEAD, core, Buffer.from('bytes')]).toString('base64'),
        PATH: '/usr/bin:/bin',
      },
    });
  const decoded = `printf %s "$CORE" | base64 -d`;
  const waited = start(`sleep 0.3; ${decoded} | head -c 50; sleep 0.3; ${decoded} | tail -c +51`, CORE);
  assert.match(waited.stdout, /^non-blocking\nGOT bytes/, waited.stderr);
  const junk = start(decoded, Buffer.alloc(CORE.length, 'junk'));
  assert.deepEqual([junk.stdout, junk.status], ['non-blocking\n', 1]);
  assert.match(junk.stderr, /Decompression failed/);
});

test('a line that a start file reads of stdin is not missed, and a shell that takes stdin over ends before it meets the core', () => {
  using far = home();
  far.node('bin/node', process.execPath);
  const env = { HOME: far.path, PATH: `${far.path}/bin:/usr/bin:/bin` };
  const eaten = runIn('sh', `read x;read y;${farCommand(MARK, CORE.length)}`, env);
  assert.match(eaten.stdout, /GOT bytes/);
  for (const shell of installed) {
    const taken = runIn('sh', shell, env);
    // fish reads all of stdin before it runs any of it, and refuses what it cannot parse.
    assert.deepEqual([taken.status, taken.stdout], [shell === 'fish' ? 127 : 97, ''], shell);
  }
});

test('a Node in a wrapper that says something first is found, also where TERM is ignored and the working folder is gone', () => {
  using far = home();
  far.node('bin/node', { script: `#!/bin/sh\necho "welcome to node"\nexec ${process.execPath} "$@"\n` });
  const env = { HOME: far.path, PATH: `${far.path}/bin:/usr/bin:/bin` };
  const stage = (named?: string): string => farCommand(MARK, CORE.length, named);
  for (const named of [undefined, `${far.path}/bin/node`]) {
    const found = runIn('sh', `trap "" TERM;mkdir ${far.path}/gone;cd ${far.path}/gone;rmdir ${far.path}/gone;${stage(named)}`, env);
    assert.match(found.stdout, new RegExp(`^${MARK} ok ${far.path}/bin/node v`), found.stderr);
    assert.match(found.stdout, /GOT bytes/, found.stderr);
  }
  const before = performance.now();
  runIn('sh', `trap "" TERM;${stage()}`, env);
  assert.ok(performance.now() - before < 15_000, 'no candidate waits for its watcher');
});

test('quote refuses what some shell on the way would change', () => {
  for (const word of ['a\nb', 'a\0b', 'a\\b', 'a\rb']) assert.throws(() => quote(word), TypeError);
  assert.equal(spawnSync('sh', ['-c', `printf %s ${quote(`it's "$HOME" \`x\``)}`], { encoding: 'utf8' }).stdout, `it's "$HOME" \`x\``);
});
