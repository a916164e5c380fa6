// Which npm installs, with which settings, from where.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import type { PrimeContext } from '../context.ts';
import { removeTree } from '../files.ts';
import { findMachineNpm, settingsArguments, toolEnv, type MachineNpm } from '../machine/machine-npm.ts';
import { withoutCredentials } from '../screen/render-problem.ts';
import { npmState } from '../states/npm-state.ts';
import { bad, good, odd, type Finding } from './finding.ts';

const ASK_MS = 20_000;

/** The registry of a folder, as npm sees it. */
function registryOf(context: PrimeContext, npm: MachineNpm, cache: string): string | undefined {
  const asked = spawnSync(npm.node, [npm.cli, 'config', 'get', 'registry', ...settingsArguments(npm)], {
    cwd: context.config.root,
    env: { ...toolEnv(context.env, cache), npm_config_logs_max: '0', npm_config_cache: cache, npm_config_update_notifier: 'false' },
    encoding: 'utf8',
    timeout: ASK_MS,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (asked.status === 0) return withoutCredentials(asked.stdout.trim());
  return / is protected/.test(asked.stderr) ? 'an address with a password, which npm shows to nobody' : undefined;
}

/** All that is to be said of npm. Nothing is written but to a temporary folder. */
export function npmFindings(context: PrimeContext): readonly Finding[] {
  const { npm: pinned } = context.config;
  const cache = fs.mkdtempSync(path.join(os.tmpdir(), 'prime-doctor-'));
  try {
    const { npm, tried } = findMachineNpm(context.env, [process.execPath], cache, pinned === undefined);
    const findings: Finding[] = [];
    if (pinned !== undefined) findings.push(good('npm taken', npmState.look(context).why));
    if (npm === undefined) {
      const saw = tried.length === 0 ? 'no npm on PATH or beside the Node that runs' : `none runs: ${tried.join(', ')}`;
      findings.push(
        pinned === undefined
          ? bad('npm taken', saw, 'Install npm, or pin one that is fetched: ./prime pin')
          : odd('npm here', `${saw}; packages come from where registry or an .npmrc says`),
      );
      return findings;
    }
    findings.push(good(pinned === undefined ? 'npm taken' : 'npm here', `npm ${npm.major}, ${npm.cli} with ${npm.node}`));
    const files = [npm.globalconfig, npm.userconfig].filter((file) => file !== undefined && fs.existsSync(file));
    findings.push(good('npm settings', files.length === 0 ? 'no file of the machine or the user' : files.join(', ')));
    const registry = registryOf(context, npm, cache);
    findings.push(
      registry === undefined
        ? odd('registry', 'npm does not say which one', 'npm config get registry, in this folder')
        : good('registry', `${registry}${context.options.offline ? ' (offline: it is not asked)' : ''}`),
    );
    return findings;
  } finally {
    removeTree(cache);
  }
}
