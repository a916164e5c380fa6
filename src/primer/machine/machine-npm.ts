// The npm that the machine has: it fetches the first packages, and it alone knows the machine's registry, proxy and certificates.
import fs from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { makePrivate } from '../cache/cache.ts';
import { homeOf } from './home.ts';
import { cleanEnv } from '../processes/clean-env.ts';
import { isExecutable } from '../files.ts';

const ASK_MS = 20_000;
const GLOBAL_CONFIGS = ['/usr/local/etc/npmrc', '/usr/etc/npmrc', '/etc/npmrc'];

/**
 * The environment of tools: the cleaned one, with a home where the user has none: npm looks for one whatever it does. What Node compiles for
 * them is kept in the cache: its own choice is a folder for temporary files, which somebody else may have made first, and it runs what it finds there.
 */
export function toolEnv(env: NodeJS.ProcessEnv, cache: string): NodeJS.ProcessEnv {
  const clean = cleanEnv(env);
  return { ...clean, HOME: homeOf(env) ?? cache, NODE_COMPILE_CACHE: path.join(cache, 'compile-cache') };
}

/** Before it, npm reads no lockfile of version 3. */
const FIRST_WITH_LOCKFILE_3 = 7;

/** Where an npm reads the machine's and the user's settings. */
export interface NpmSettings {
  readonly globalconfig: string | undefined;
  readonly userconfig: string | undefined;
  /** Its first number; 0 when it does not say. */
  readonly major: number;
}

/** An npm that runs, with the Node it runs on. */
export interface MachineNpm extends NpmSettings {
  readonly node: string;
  readonly cli: string;
}

/** Folders of PATH, without doubles; relative ones count from where the user is, and are left out. */
export function pathFolders(env: NodeJS.ProcessEnv): string[] {
  return [...new Set((env['PATH'] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder)))];
}

/** The file behind `npm` in a folder, or npm's own program when the folder is that of npm itself. */
function realNpm(folder: string): string {
  const own = path.join(folder, 'npm-cli.js');
  return fs.realpathSync(fs.existsSync(own) ? own : path.join(folder, 'npm'));
}

/** npm's program as a file that Node can run; undefined when `npm` there is something else, such as a shim in sh. */
function cliOf(folder: string): string | undefined {
  try {
    const file = realNpm(folder);
    const fd = fs.openSync(file, 'r');
    try {
      const head = Buffer.alloc(64);
      fs.readSync(fd, head, 0, head.length, 0);
      const isScript = file.endsWith('.js') || /^#!\S*(?:\s*\S*\/)?(?:env )?\s*node\b/.test(head.toString('latin1'));
      if (isScript) return file;
    } finally {
      fs.closeSync(fd);
    }
  } catch {
    // No npm in this folder.
  }
  return undefined;
}

/** The first number of npm's version, as its own manifest says; 0 when it does not. */
function majorOf(cli: string): number {
  try {
    const { version } = JSON.parse(fs.readFileSync(path.join(path.dirname(cli), '../package.json'), 'utf8')) as {
      readonly version?: unknown;
    };
    return Number(/^(\d+)\./.exec(String(version))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Asks an npm for its settings, away from any project. Undefined when it does not run on this Node. */
function askNpm(node: string, cli: string, env: NodeJS.ProcessEnv, cache: string): NpmSettings | undefined {
  const asked = spawnSync(node, [cli, 'config', 'list', '--json', '--long'], {
    cwd: '/',
    // Even a question would leave a folder for logs in the home of the user.
    env: { ...toolEnv(env, cache), npm_config_logs_max: '0', npm_config_cache: cache, npm_config_update_notifier: 'false' },
    encoding: 'utf8',
    timeout: ASK_MS,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (asked.status !== 0) return undefined;
  try {
    const answer: unknown = JSON.parse(asked.stdout);
    if (typeof answer !== 'object' || answer === null) return undefined;
    const text = (value: unknown): string | undefined => (typeof value === 'string' && path.isAbsolute(value) ? value : undefined);
    return {
      globalconfig: text('globalconfig' in answer ? answer.globalconfig : undefined),
      userconfig: text('userconfig' in answer ? answer.userconfig : undefined),
      major: majorOf(cli),
    };
  } catch {
    return undefined;
  }
}

/** The first global configuration at the usual places, for machines where no npm answers. */
export function usualSettings(): NpmSettings {
  return { globalconfig: GLOBAL_CONFIGS.find((file) => fs.existsSync(file)), userconfig: undefined, major: 0 };
}

/** What was looked at, for the error when nothing runs. */
export interface NpmSearch {
  readonly npm: MachineNpm | undefined;
  readonly tried: readonly string[];
}

/** Where an installed Node keeps the npm that came with it. */
function besides(node: string): string[] {
  const bin = path.dirname(node);
  return [bin, path.join(path.dirname(bin), 'lib/node_modules/npm/bin')];
}

/**
 * Tries each npm on PATH with the Node beside it, then with every other Node (`others` first to last); then the npm beside each of `others`.
 * @param cache where npm may write while it is asked
 * @param installs whether it shall install from a lockfile of version 3
 */
export function findMachineNpm(env: NodeJS.ProcessEnv, others: readonly string[], cache: string, installs = false): NpmSearch {
  makePrivate(cache);
  const folders = pathFolders(env);
  const nodes = [...others, ...folders.map((folder) => path.join(folder, 'node')).filter(isExecutable)];
  const tried: string[] = [];
  const seen = new Set<string>();
  for (const folder of [...folders, ...others.reduce<string[]>((all, node) => [...all, ...besides(node)], [])]) {
    const cli = cliOf(folder);
    if (cli === undefined || seen.has(cli)) continue;
    seen.add(cli);
    const beside = path.join(folder, 'node');
    for (const node of new Set([...(isExecutable(beside) ? [beside] : []), ...nodes])) {
      const settings = askNpm(node, cli, env, cache);
      if (settings !== undefined && (!installs || settings.major >= FIRST_WITH_LOCKFILE_3))
        return { npm: { node, cli, ...settings }, tried };
      tried.push(`${cli} with ${node}${settings === undefined ? '' : ` is npm ${settings.major}, too old for this lockfile`}`);
    }
  }
  return { npm: undefined, tried };
}

/** Arguments that make another npm read the same settings. */
export function settingsArguments(settings: Pick<NpmSettings, 'globalconfig' | 'userconfig'>): string[] {
  return [
    ...(settings.globalconfig === undefined ? [] : [`--globalconfig=${settings.globalconfig}`]),
    ...(settings.userconfig === undefined ? [] : [`--userconfig=${settings.userconfig}`]),
  ];
}
