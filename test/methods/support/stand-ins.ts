// For tools that cannot run here: programs of their name that take exactly the words that the tool takes, and then really run what they were
// given, with an environment of its own.
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Options } from './containers.ts';

const quoted = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** Writes one and gives its path. It ends with 64 when a word is another one. */
export function writeStandIn(folder: string, name: string, words: readonly string[]): string {
  const file = path.join(folder, name);
  const checks = words.map((word) => `[ "$1" = ${quoted(word)} ] || { echo "${name}: unexpected word: $1" >&2; exit 64; }; shift`);
  const nodeFolder = quoted(path.dirname(process.execPath));
  writeFileSync(file, ['#!/bin/sh', ...checks, `exec env -i HOME=/ PATH=${nodeFolder}:/usr/bin:/bin "$@"`, ''].join('\n'));
  chmodSync(file, 0o755);
  return file;
}

/** Each with the options that lead to its words. */
export function writeStandIns(folder: string): Readonly<Record<string, Options>> {
  const tool = (name: string, options: Options, words: readonly string[]): Options => ({
    ...options,
    toolPath: writeStandIn(folder, name, words),
  });
  return {
    kubectl: tool('kubectl', { pod: 'deployment/web', namespace: 'shop', container: 'main', toolArgs: ['--context=test'] }, [
      '--context=test',
      'exec',
      '--stdin',
      '--namespace=shop',
      '--container=main',
      'deployment/web',
      '--',
    ]),
    lxd: tool('lxc', { instance: 'far:web', project: 'shop' }, ['exec', '--mode=non-interactive', '--project=shop', 'far:web', '--']),
    incus: tool('incus', { instance: 'web' }, ['exec', '--mode=non-interactive', 'web', '--']),
    machinectl: tool('systemd-run', { machine: 'web', user: 'app' }, [
      '--machine=web',
      '--quiet',
      '--pipe',
      '--wait',
      '--collect',
      '--uid=app',
      '--',
    ]),
    jail: tool('jexec', { jail: 'web', user: 'app' }, ['-U', 'app', 'web']),
  };
}
