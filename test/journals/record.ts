// Records the sessions of test/journals for the version that the package has now: node test/journals/record.ts
// They stay for ever: a later version must replay them. Never record a version again that was released.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CLI, REPOSITORY } from '../examples/support/command.ts';

const HERE = import.meta.dirname;
const { version } = JSON.parse(readFileSync(path.join(REPOSITORY, 'package.json'), 'utf8')) as { version: string };
const target = path.join(HERE, 'recorded', version);
if (existsSync(target)) throw new Error(`${target} is there already`);

/** What a recorded session ended with, and printed. */
interface Expected {
  readonly program: string;
  readonly exit: number | null;
  readonly stdout: string;
}

const work = mkdtempSync(path.join(tmpdir(), 'resprout-record-'));
try {
  const store = path.join(work, 'store');
  const expected: Record<string, Expected> = {};
  for (const program of readdirSync(path.join(HERE, 'programs')).sort()) {
    const folder = path.join(work, 'program');
    mkdirSync(folder);
    cpSync(path.join(HERE, 'programs', program), path.join(folder, program));
    const known = new Set(existsSync(path.join(store, 'runs')) ? readdirSync(path.join(store, 'runs')) : []);
    const isParked = program.startsWith('parked');
    const args = [CLI, 'run', program, '--store', store, ...(isParked ? ['--park'] : []), '--data', '{"cents":37}'];
    // Nothing of this machine but what a session needs.
    const env = { PATH: process.env['PATH'] ?? '', HOME: work, LANG: 'C.UTF-8' };
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8' });
    const session = readdirSync(path.join(store, 'runs')).find((id) => !known.has(id));
    if (session === undefined) throw new Error(`${program} made no session: ${stderr}`);
    expected[session] = { program, exit: status, stdout };
    rmSync(folder, { recursive: true });
  }
  mkdirSync(path.dirname(target), { recursive: true });
  cpSync(store, target, { recursive: true });
  rmSync(path.join(target, '.gitignore'));
  writeFileSync(path.join(target, 'expected.json'), `${JSON.stringify(expected, null, 2)}\n`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
