// One target of each connection method that is not tested elsewhere: a real one where it runs here, else a stand-in for its tool.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { unixListener } from '../../../src/index.ts';
import { needs } from '../../support/needs.ts';
import { containersProblem, openContainers, type Options } from './containers.ts';
import { makeRootFolder } from './root-folder.ts';
import { writeStandIns } from './stand-ins.ts';

/** Why they cannot run here. In CI that is an error. */
export const targetsProblem = (): string | false =>
  containersProblem() ||
  needs(
    { program: 'sudo', debianPackage: 'sudo' },
    { program: 'su', debianPackage: 'util-linux' },
    { program: 'doas', debianPackage: 'opendoas' },
  );

export interface Targets {
  /** The options of each method's opener. */
  readonly options: Readonly<Record<string, Options>>;
  close(): Promise<void>;
}

export async function openTargets(): Promise<Targets> {
  const root = makeRootFolder();
  const tools = `${root}.tools`;
  mkdirSync(tools);
  const doasRules = `${tools}/doas.conf`;
  writeFileSync(doasRules, `permit nopass setenv { PATH=${root}/usr/local/bin:/usr/bin:/bin } root\n`, { mode: 0o400 });
  const removeAll = (): void => {
    for (const folder of [root, tools]) rmSync(folder, { recursive: true, force: true });
  };
  try {
    const containers = await openContainers(root);
    // sudo has a PATH of its own.
    const node = process.execPath;
    const users = { sudo: { node }, su: { node }, doas: { node, ...withRules(doasRules) } };
    const listener = await unixListener({ path: `${tools}/listener` });
    const options = { local: {}, ...users, ...containers.options, ...writeStandIns(tools), unix: { path: listener.path } };
    return {
      options,
      async close() {
        await listener.close();
        await containers.close();
        removeAll();
      },
    };
  } catch (error) {
    removeAll();
    throw error;
  }
}

/** doas reads /etc/doas.conf and no other file: it gets ours in a mount namespace. */
export function withRules(file: string): Options {
  const script = `[ -e /etc/doas.conf ] || : >/etc/doas.conf; mount --bind '${file}' /etc/doas.conf && exec doas "$@"`;
  return { toolPath: 'unshare', toolArgs: ['-m', 'sh', '-c', script, 'doas'] };
}
