// The required Node among those the machine has: on PATH and in the folders of version managers.
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { homeOf } from './home.ts';
import { cleanEnv } from '../processes/clean-env.ts';
import { isExecutable, namesIn } from '../files.ts';
import { pathFolders } from './machine-npm.ts';
import { compareVersions, type VersionRange } from './version-range.ts';

const ASK_MS = 5000;

/** A Node that answered. */
export interface AnsweringNode {
  readonly version: string;
  /** The program that answered, as it names itself: what was asked may be a shim that runs another one elsewhere. */
  readonly file: string;
}

/** Asks a program as Node; undefined when it does not answer in time. */
export function askNode(file: string, env: NodeJS.ProcessEnv): AnsweringNode | undefined {
  // Away from the project: a shim of a version manager may act on the files it finds where it runs.
  const asked = spawnSync(file, ['-p', "process.versions.node + ' ' + process.execPath"], {
    cwd: '/',
    env: cleanEnv(env),
    encoding: 'utf8',
    timeout: ASK_MS,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [, version, itself = ''] = /^(\d+\.\d+\.\d+\S*) (\/.*)$/.exec(asked.status === 0 ? asked.stdout.trim() : '') ?? [];
  return version === undefined ? undefined : { version, file: itself };
}

/** Where version managers keep their releases, as each documents it: a folder of versions, and what lies in one of them. */
function managerFolders(env: NodeJS.ProcessEnv): readonly (readonly [folder: string, inside: string])[] {
  const home = homeOf(env) ?? '/nowhere';
  const data = env['XDG_DATA_HOME'] || path.join(home, '.local', 'share');
  const tools = env['RUNNER_TOOL_CACHE'];
  return [
    [path.join(env['NVM_DIR'] || path.join(home, '.nvm'), 'versions/node'), 'bin/node'],
    [path.join(env['FNM_DIR'] || path.join(data, 'fnm'), 'node-versions'), 'installation/bin/node'],
    [path.join(env['VOLTA_HOME'] || path.join(home, '.volta'), 'tools/image/node'), 'bin/node'],
    [path.join(env['ASDF_DATA_DIR'] || path.join(home, '.asdf'), 'installs/nodejs'), 'bin/node'],
    [path.join(env['MISE_DATA_DIR'] || path.join(data, 'mise'), 'installs/node'), 'bin/node'],
    [path.join(env['NODENV_ROOT'] || path.join(home, '.nodenv'), 'versions'), 'bin/node'],
    [path.join(env['N_PREFIX'] || '/usr/local', 'n/versions/node'), 'bin/node'],
    [path.join(home, '.proto/tools/node'), 'bin/node'],
    ...(tools === undefined ? [] : ([[path.join(tools, 'node'), path.join(process.arch, 'bin/node')]] as const)),
  ];
}

/** What version managers have of the wanted releases, the newest of each first; those of Homebrew are named by their beginning only. */
export function managerPaths(wanted: VersionRange, env: NodeJS.ProcessEnv): string[] {
  const paths: string[] = [];
  for (const [folder, inside] of managerFolders(env)) {
    const names = namesIn(folder).filter((name) => /^v?\d+\.\d+\.\d+$/.test(name) && wanted.accepts(name));
    for (const name of names.sort(compareVersions).reverse()) paths.push(path.join(folder, name, inside));
  }
  for (const prefix of ['/opt/homebrew', '/usr/local', '/home/linuxbrew/.linuxbrew'])
    for (const name of namesIn(path.join(prefix, 'opt')))
      if (/^node(@\d+)?$/.test(name)) paths.push(path.join(prefix, 'opt', name, 'bin/node'));
  return paths;
}

/** Every place where a Node may be, in the order in which they are asked. */
function candidates(wanted: VersionRange, env: NodeJS.ProcessEnv): readonly string[] {
  return [...pathFolders(env).map((folder) => path.join(folder, 'node')), ...managerPaths(wanted, env)].filter(isExecutable);
}

/** What each of them says; undefined for those that do not answer. Ends after `most` of them: each is run. */
export function askAll(
  wanted: VersionRange,
  env: NodeJS.ProcessEnv,
  most: number,
): readonly (readonly [string, AnsweringNode | undefined])[] {
  return candidates(wanted, env)
    .slice(0, most)
    .map((file) => [file, askNode(file, env)]);
}

/** The first wanted Node that runs, as the program that it is; undefined when the machine has none. */
export function findInstalledNode(wanted: VersionRange, env: NodeJS.ProcessEnv): string | undefined {
  for (const candidate of candidates(wanted, env)) {
    const answer = askNode(candidate, env);
    if (answer !== undefined && wanted.accepts(answer.version) && isExecutable(answer.file)) return answer.file;
  }
  return undefined;
}
