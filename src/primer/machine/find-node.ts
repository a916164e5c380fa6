// The required Node among those the machine has: on PATH and in the folders of version managers.
import os from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { cleanEnv } from '../processes/clean-env.ts';
import { isExecutable, namesIn } from '../files.ts';
import { pathFolders } from './machine-npm.ts';

const ASK_MS = 5000;

/** The version that a program says it is, when asked as Node; undefined when it does not answer in time. */
export function versionOf(file: string, env: NodeJS.ProcessEnv): string | undefined {
  // Away from the project: a shim of a version manager may act on the files it finds where it runs.
  const asked = spawnSync(file, ['-p', 'process.versions.node'], {
    cwd: '/',
    env: cleanEnv(env),
    encoding: 'utf8',
    timeout: ASK_MS,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const text = asked.status === 0 ? asked.stdout.trim() : '';
  return /^\d+\.\d+\.\d+/.test(text) ? text : undefined;
}

/** Where version managers keep a release, as each documents it. */
export function managerPaths(version: string, env: NodeJS.ProcessEnv): string[] {
  const home = env['HOME'] || os.homedir();
  const data = env['XDG_DATA_HOME'] || path.join(home, '.local', 'share');
  const [major] = version.split('.');
  const tools = env['RUNNER_TOOL_CACHE'];
  return [
    path.join(env['NVM_DIR'] || path.join(home, '.nvm'), 'versions/node', `v${version}`, 'bin/node'),
    path.join(env['FNM_DIR'] || path.join(data, 'fnm'), 'node-versions', `v${version}`, 'installation/bin/node'),
    path.join(env['VOLTA_HOME'] || path.join(home, '.volta'), 'tools/image/node', version, 'bin/node'),
    path.join(env['ASDF_DATA_DIR'] || path.join(home, '.asdf'), 'installs/nodejs', version, 'bin/node'),
    path.join(env['MISE_DATA_DIR'] || path.join(data, 'mise'), 'installs/node', version, 'bin/node'),
    path.join(env['NODENV_ROOT'] || path.join(home, '.nodenv'), 'versions', version, 'bin/node'),
    path.join(env['N_PREFIX'] || '/usr/local', 'n/versions/node', version, 'bin/node'),
    path.join(home, '.proto/tools/node', version, 'bin/node'),
    ...['/opt/homebrew', '/usr/local', '/home/linuxbrew/.linuxbrew'].map((prefix) =>
      path.join(prefix, 'opt', `node@${major ?? ''}`, 'bin/node'),
    ),
    ...(tools === undefined
      ? []
      : namesIn(path.join(tools, 'node', version)).map((arch) => path.join(tools, 'node', version, arch, 'bin/node'))),
  ];
}

/** The first Node of exactly this version that runs; undefined when the machine has none. */
export function findInstalledNode(version: string, env: NodeJS.ProcessEnv): string | undefined {
  const candidates = [...pathFolders(env).map((folder) => path.join(folder, 'node')), ...managerPaths(version, env)];
  return candidates.find((file) => isExecutable(file) && versionOf(file, env) === version);
}
