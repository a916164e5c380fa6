// What does the primer add to a start with nothing to do, to a program that it starts, and to a first installation?
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inTurn, type Bench } from './support/bench.ts';
import { runToEnd } from './support/processes.ts';
import { runAlone } from './support/run-alone.ts';
import { workFolder } from './support/work-folder.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const SLICES = 21;
const INSTALLS = 2;
/** What is noted of files that are younger is not believed by the next start. */
const SETTLED_MS = 2500;

/** A repository with the packages of this one, an app and a script that starts itself. */
function adopt(folder: string): void {
  mkdirSync(folder);
  for (const name of ['package.json', 'package-lock.json', '.npmrc', '.node-version', 'prime', 'proto_kernel.cjs'])
    copyFileSync(path.join(ROOT, name), path.join(folder, name));
  const { node, npm } = JSON.parse(readFileSync(path.join(ROOT, 'prime.config.json'), 'utf8')) as { node: object; npm: object };
  const apps = { hello: { main: 'main.mjs', target: 'packages', does: 'says a word' } };
  writeFileSync(path.join(folder, 'prime.config.json'), JSON.stringify({ node, npm, apps }, null, 2));
  writeFileSync(path.join(folder, 'main.mjs'), "export const main = () => console.log('hello');\nif (import.meta.main) main();\n");
  writeFileSync(path.join(folder, 'start.cjs'), "require('./proto_kernel.cjs').startApp('main.mjs:main');\n");
}

/** The npm that the primer installs with, which lies in its cache after a first start. */
async function pinnedNpm(folder: string): Promise<string> {
  const states = path.join(folder, 'prime.states.mjs');
  writeFileSync(
    states,
    "import { writeFileSync } from 'node:fs';\nimport { defineState, proto } from './proto_kernel.cjs';\n" +
      "export const states = [defineState('which', { does: 'x', parents: [proto.npm], reach: (context, { npm }) => writeFileSync('npm.txt', npm.cli) })];\n",
  );
  await runToEnd(path.join(folder, 'prime'), ['--target', 'which', '--quiet']);
  rmSync(states);
  return readFileSync(path.join(folder, 'npm.txt'), 'utf8');
}

export const bench: Bench = {
  name: 'primer-start',
  question: 'What does the primer add to a start with nothing to do, to a program that it starts, and to a first installation?',
  async run() {
    using work = workFolder();
    const folder = path.join(work.path, 'adopted');
    adopt(folder);
    process.chdir(folder);
    await runToEnd('./prime', ['entry', 'hello']);
    const npm = await pinnedNpm(folder);
    await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
    await runToEnd('./hello', []);
    const starts = await inTurn(
      SLICES,
      {
        hello: () => runToEnd('./hello', []),
        started: () => runToEnd(process.execPath, ['start.cjs']),
        plain: () => runToEnd(process.execPath, ['main.mjs']),
      },
      3,
    );
    const cache = path.join(process.env['XDG_CACHE_HOME'] ?? path.join(process.env['HOME'] ?? '/root', '.cache'), 'prime/npm-cache');
    const bare = path.join(work.path, 'bare');
    const fresh = (place: string): void => {
      for (const name of ['node_modules', '.prime']) rmSync(path.join(place, name), { recursive: true, force: true });
    };
    mkdirSync(bare);
    for (const name of ['package.json', 'package-lock.json', '.npmrc']) copyFileSync(path.join(ROOT, name), path.join(bare, name));
    const clock = async (place: string, file: string, args: readonly string[]): Promise<number> => {
      fresh(place);
      process.chdir(place);
      const start = performance.now();
      await runToEnd(file, args);
      return performance.now() - start;
    };
    const sides = {
      first: () => clock(folder, './prime', ['--quiet']),
      npmCi: () => clock(bare, process.execPath, [npm, 'ci', '--ignore-scripts', '--prefer-offline', `--cache=${cache}`, '--silent']),
    };
    const installs = await inTurn(INSTALLS, sides, 0);
    process.chdir(ROOT);
    return [
      {
        figure: '`./hello` of an adopted repository, nothing to do (goal: 20 ms more)',
        unit: 'ms',
        ours: starts.hello,
        peer: '`node main.mjs`',
        theirs: starts.plain,
      },
      {
        figure: 'the same program by `startApp` (goal: 15 ms more)',
        unit: 'ms',
        ours: starts.started,
        peer: '`node main.mjs`',
        theirs: starts.plain,
      },
      {
        figure: 'first `./prime` of a clone, Node and npm in the cache',
        unit: 'ms',
        ours: installs.first,
        peer: '`npm ci` of the same npm, its cache warm',
        theirs: installs.npmCi,
      },
    ];
  },
};

if (import.meta.main) await runAlone(bench);
