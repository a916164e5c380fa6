// A small project that the primer boots: kernel and launchers of this repository, one package, a build of two lines.
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestRegistry } from './registry.ts';
import { npmFolder } from './registry.ts';

const repository = path.resolve(import.meta.dirname, '../../..');

/** How a run ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly pid: number;
}

interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** In a process group of its own, so that all of it can be killed. */
  readonly detached?: boolean;
}

export interface Client {
  readonly root: string;
  readonly home: string;
  /** The environment of its runs. */
  readonly env: Readonly<Record<string, string>>;
  /** Starts a launcher of the project; the environment has a PATH with a wild Node and npm, and an empty home. */
  start(
    launcher: 'resprout' | 'prime',
    args: readonly string[],
    options?: RunOptions,
  ): { readonly child: ChildProcess; readonly ended: Promise<Ended> };
  run(launcher: 'resprout' | 'prime', args?: readonly string[], options?: RunOptions): Promise<Ended>;
  /** Another checkout of the same project for the same user. */
  clone(): Client;
  remove(): void;
}

const MAIN = `import tiny from 'tiny';
import { built } from './built.mjs';
if (process.argv[2] === 'fail') process.exit(7);
console.log(JSON.stringify({ pid: process.pid, ppid: process.ppid, argv: process.argv.slice(2), main: import.meta.main, tiny, built,
  node: process.versions.node, execArgv: process.execArgv, options: process.env.NODE_OPTIONS ?? null, leaked: globalThis.leaked ?? null }));
`;

const BUILD = `import { appendFileSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
appendFileSync('builds.log', process.pid + '\\n');
mkdirSync('out', { recursive: true });
const text = readFileSync('src/text.txt', 'utf8');
if (text.includes('broken')) { console.error('src/text.txt: it is broken'); process.exit(1); }
writeFileSync('out/built.mjs', 'export const built = ');
await new Promise((resolve) => setTimeout(resolve, Number(readFileSync('src/delay.txt', 'utf8'))));
writeFileSync('out/built.mjs', 'export const built = ' + JSON.stringify(text.trim()) + ';\\n');
copyFileSync('src/main.mjs', 'out/main.mjs');
`;

const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

function writeProject(root: string, registry: TestRegistry): void {
  mkdirSync(path.join(root, 'src'), { recursive: true });
  for (const name of ['proto_kernel.cjs', 'prime', 'resprout']) copyFileSync(path.join(repository, name), path.join(root, name));
  for (const name of ['prime', 'resprout']) chmodSync(path.join(root, name), 0o755);
  const { node, npm, tiny } = registry;
  const write = (name: string, text: string): void => writeFileSync(path.join(root, name), text);
  write('.node-version', `${node.version}\n`);
  write('src/main.mjs', MAIN);
  write('src/text.txt', 'one\n');
  write('src/delay.txt', '0\n');
  write('build.mjs', BUILD);
  write('task.mjs', `console.log(JSON.stringify({ task: process.argv.slice(2), path: process.env.PATH.split(':')[0] }));\n`);
  write('package.json', pretty({ name: 'client', version: '1.0.0', private: true, type: 'module', dependencies: { tiny: '1.0.0' } }));
  write(
    'package-lock.json',
    pretty({
      name: 'client',
      version: '1.0.0',
      lockfileVersion: 3,
      requires: true,
      packages: {
        '': { name: 'client', version: '1.0.0', dependencies: { tiny: '1.0.0' } },
        'node_modules/tiny': { version: tiny.version, integrity: tiny.integrity, hasInstallScript: true },
      },
    }),
  );
  write('.npmrc', 'omit-lockfile-registry-resolved=true\n');
  const pinned = { name: node.name, integrity: node.integrity };
  write(
    'prime.config.json',
    pretty({
      node: { [`${process.platform}-${process.arch}`]: pinned },
      npm: { version: npm.version, integrity: npm.integrity },
      built: { run: [['build.mjs']], sources: ['src', 'build.mjs'], outputs: ['out/main.mjs'], clean: ['out'] },
      apps: { resprout: { main: 'out/main.mjs', target: 'built', does: 'the program' } },
      tasks: { test: { main: 'task.mjs', target: 'packages', does: 'a task' } },
    }),
  );
}

/** A folder with `node` (the wild one) and `npm`, as on a machine with that Node only. */
function wildFolder(home: string, wildNode: string): string {
  const bin = path.join(home, 'bin');
  mkdirSync(bin, { recursive: true });
  symlinkSync(wildNode, path.join(bin, 'node'));
  symlinkSync(path.join(npmFolder(), 'bin/npm-cli.js'), path.join(bin, 'npm'));
  return bin;
}

/** Collects what a process says until its end. */
export function collect(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr, pid: child.pid ?? 0 }));
  });
}

/**
 * Makes a project and a user without anything but a wild Node and an npm whose global settings name the registry.
 * @param nodes further Nodes for PATH, after the wild one: npm runs on the first that it can
 */
export function makeClient(registry: TestRegistry, wildNode: string, nodes: readonly string[] = []): Client {
  const home = mkdtempSync(path.join(tmpdir(), 'home-'));
  const bin = wildFolder(home, wildNode);
  const globalconfig = path.join(home, 'global-npmrc');
  writeFileSync(globalconfig, `registry=${registry.url}\n`);
  const env = {
    PATH: [bin, ...nodes.map((node) => path.dirname(node)), '/usr/bin', '/bin'].join(':'),
    HOME: path.join(home, 'empty'),
    LANG: 'C.UTF-8',
    npm_config_globalconfig: globalconfig,
  };
  mkdirSync(env.HOME);
  const project = (): Client => {
    const root = mkdtempSync(path.join(tmpdir(), 'client-'));
    writeProject(root, registry);
    const start: Client['start'] = (launcher, args, options = {}) => {
      const child = spawn(path.join(root, launcher), args, {
        cwd: options.cwd ?? root,
        env: { ...env, ...options.env },
        detached: options.detached ?? false,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      return { child, ended: collect(child) };
    };
    return {
      root,
      home: env.HOME,
      env,
      start,
      run: (launcher, args = [], options = {}) => start(launcher, args, options).ended,
      clone: project,
      remove: () => {
        rmSync(root, { recursive: true, force: true });
        rmSync(home, { recursive: true, force: true });
      },
    };
  };
  return project();
}
