// What is booted: the small repository of the primer's tests, or this one as its last commit has it, for a user with a home of his own.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { collect, type Ended } from '../primer/support/client.ts';

/** A clone and its user. */
export interface Subject {
  readonly root: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  /** Arguments of `./resprout`. */
  readonly args: readonly string[];
  /** What the program prints. */
  readonly prints: RegExp;
  /** Of the clone, besides `.prime` and `node_modules`: what a boot makes. */
  readonly makes: readonly string[];
}

/** The small one: a package, a build of two lines. */
export function small({ root, home, env }: Pick<Subject, 'root' | 'home' | 'env'>): Subject {
  return { root, home, env, args: [], prints: /"tiny":42,"built":"one","node":"/, makes: ['out', 'builds.log'] };
}

/** This repository in a new folder. Packages come from where the settings of the user who runs this say. */
export function thisRepository(): Subject & Disposable {
  const folder = mkdtempSync(path.join(tmpdir(), 'first-boot-'));
  const root = path.join(folder, 'clone');
  const home = path.join(folder, 'home');
  mkdirSync(home);
  const cloned = spawnSync('git', ['clone', '--quiet', path.resolve(import.meta.dirname, '../..'), root], { encoding: 'utf8' });
  if (cloned.status !== 0) throw new Error(`git clone: ${cloned.stderr}`);
  const { PATH = '', ...rest } = process.env;
  const env: Record<string, string> = { npm_config_userconfig: path.join(homedir(), '.npmrc') };
  for (const [name, value] of Object.entries(rest)) if (/^npm_config_/i.test(name) && value !== undefined) env[name] = value;
  Object.assign(env, { PATH, HOME: home, LANG: 'C.UTF-8' });
  return {
    root,
    home,
    env,
    args: ['--version'],
    prints: /^resprout \d/,
    makes: ['dist', '.build'],
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Starts it. A start that does not end in time is killed with its group. */
export async function start({ root, env, args }: Subject, limitMs: number): Promise<Ended> {
  const child = spawn(path.join(root, 'resprout'), args, { cwd: root, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const limit = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), limitMs);
  const ended = await collect(child);
  clearTimeout(limit);
  return ended;
}
