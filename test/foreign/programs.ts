// The programs: files of packages that plain Node runs to a good end, the same each time. programs.txt lists them; `--find` looks for more.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { formOf, type Program } from '../idioms/tables/program.ts';

const LIST = path.join(import.meta.dirname, 'programs.txt');

/** Test runners print how long a test took. */
const BLUR = /duration_ms:? [\d.]+|# time=[\d.]+ ?ms|\([\d.]+ ?ms\)/g;

const CANDIDATES = ['{test,tests,example,examples,sample,samples}/**/*.js', '{test,tests,example,test-*}.js'] as const;
/** Parts of tests that are no programs. */
const NO_PROGRAMS = ['**/node_modules/**', '**/fixtures/**', '**/browser/**'];

function programAt(folder: string, name: string): Program {
  const file = path.join(folder, name);
  const text = readFileSync(file, 'utf8');
  return {
    name,
    concern: name.split('/')[0] ?? '',
    path: file,
    file: path.basename(file),
    files: new Map([[path.basename(file), text]]),
    form: 'script',
    mayLose: true,
    mayRefuse: true,
    fails: false,
    argv: [],
    volatile: [],
    blur: BLUR,
    repeats: [],
    inFlight: 1,
  };
}

/** @param folder of fetchPackages */
export function listedPrograms(folder: string): Program[] {
  const names = readFileSync(LIST, 'utf8').split('\n').filter(Boolean);
  return names.map((name) => programAt(folder, name));
}

/** Every file that looks like a program; whether it is one, plain Node says. A file that exports something is a library or is called. */
export function candidates(folder: string): Program[] {
  return CANDIDATES.flatMap((pattern) => globSync(`*/${pattern}`, { cwd: folder, exclude: NO_PROGRAMS }))
    .sort()
    .map((name) => programAt(folder, name))
    .filter(({ files }) => [...files.values()].every((text) => formOf(text) === 'script'));
}

export function writeList(names: readonly string[]): void {
  writeFileSync(LIST, `${[...new Set(names)].sort().join('\n')}\n`);
}
