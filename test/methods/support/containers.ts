// Real containers of each kind that runs here, over one root folder.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { containerName } from './root-folder.ts';
import { run } from '../../ssh/support/run.ts';
import { until } from '../../support/until.ts';
import { needs } from '../../support/needs.ts';

/** Why they cannot run here. In CI that is an error. */
export const containersProblem = (): string | false =>
  needs(
    'root',
    'linux',
    { program: 'dockerd', debianPackage: 'docker.io' },
    { program: 'docker', debianPackage: 'docker.io' },
    { program: 'runc', debianPackage: 'runc' },
    { program: 'podman', debianPackage: 'podman' },
    { program: 'buildah', debianPackage: 'buildah' },
    { program: 'lxc-attach', debianPackage: 'lxc' },
    { program: 'systemd-nspawn', debianPackage: 'systemd-container' },
    { program: 'chroot', debianPackage: 'coreutils' },
  );

/** How a container is entered: the options of the opener of its method. */
export type Options = Readonly<Record<string, unknown>>;

export interface Containers {
  readonly options: Readonly<Record<string, Options>>;
  close(): Promise<void>;
}

/** What a container does: it waits, and can be told by its command line. */
const LIFE = ['sh', '-c', 'while :; do sleep 5999; done', containerName()];

/** Starts them. @param root is not changed; lxc, nspawn, podman and chroot use it as it is */
export async function openContainers(root: string): Promise<Containers> {
  const folder = `${root}.d`;
  mkdirSync(folder);
  const name = containerName();
  const ends: (() => Promise<unknown> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const end of ends.toReversed()) await end();
    // What a daemon has mounted goes a moment after it.
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  try {
    const options = {
      docker: await openDocker(folder, root, name, ends),
      podman: openPodman(folder, root, name, ends),
      buildah: openBuildah(folder, root, name, ends),
      lxc: await openLxc(folder, root, name, ends),
      // Without systemd as process 1 there is nobody to register at.
      nspawn: { directory: root, toolArgs: ['--register=no', '--keep-unit'] },
      chroot: { directory: root },
    };
    return { options, close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Ends = (() => Promise<unknown> | void)[];

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}

/** A daemon of its own, without networks and rules of a firewall. */
async function openDocker(folder: string, root: string, container: string, ends: Ends): Promise<Options> {
  const host = `unix://${folder}/docker.sock`;
  const data = [`--data-root=${folder}/docker`, `--exec-root=${folder}/docker-run`, `--pidfile=${folder}/docker.pid`];
  const daemon = spawn('dockerd', ['--storage-driver=vfs', '--iptables=false', '--ip6tables=false', '--bridge=none', ...data, '-H', host], {
    stdio: 'ignore',
  });
  ends.push(() => ended(daemon));
  const docker = (...args: string[]): string => run('docker', ['-H', host, ...args]);
  await until(
    'dockerd',
    () => {
      if (daemon.exitCode !== null) throw new Error(`dockerd ended with ${daemon.exitCode}`);
      try {
        docker('version');
        return true;
      } catch {
        return false;
      }
    },
    120_000,
  );
  run('sh', ['-c', `tar -C '${root}' -c . | docker -H '${host}' import - resprout-test`]);
  docker('run', '--detach', '--init', '--name', container, '--network=none', 'resprout-test', ...LIFE);
  ends.push(() => void docker('rm', '--force', container));
  return { container, toolArgs: ['-H', host] };
}

function openPodman(folder: string, root: string, container: string, ends: Ends): Options {
  const store = ['--storage-driver=vfs', `--root=${folder}/podman`, `--runroot=${folder}/podman-run`];
  const toolArgs = ['--runtime=runc', '--cgroup-manager=cgroupfs', '--events-backend=none', ...store];
  // No more than this process has: raising is not always allowed.
  const limits = ['--ulimit=nofile=1024:1024', '--ulimit=nproc=4096:4096'];
  run('podman', [...toolArgs, 'run', '--detach', '--name', container, '--network=none', ...limits, '--rootfs', root, ...LIFE]);
  ends.push(() => void run('podman', [...toolArgs, 'rm', '--force', '--time=0', container]));
  return { container, toolArgs };
}

function openBuildah(folder: string, root: string, container: string, ends: Ends): Options {
  const store = ['--storage-driver=vfs', `--root=${folder}/buildah`, `--runroot=${folder}/buildah-run`];
  run('buildah', [...store, 'from', '--name', container, 'scratch']);
  ends.push(() => void run('buildah', [...store, 'rm', container]));
  run('buildah', [...store, 'copy', '--quiet', container, root, '/']);
  return { container, toolPath: 'env', toolArgs: ['BUILDAH_ISOLATION=chroot', 'buildah', ...store] };
}

async function openLxc(folder: string, root: string, container: string, ends: Ends): Promise<Options> {
  const place = path.join(folder, 'lxc');
  mkdirSync(path.join(place, container), { recursive: true });
  const config = [`lxc.rootfs.path = dir:${root}`, `lxc.uts.name = ${container}`, 'lxc.net.0.type = empty', 'lxc.mount.auto = proc sys'];
  writeFileSync(path.join(place, container, 'config'), `${config.join('\n')}\n`);
  const daemon = spawn('lxc-execute', ['-P', place, '-n', container, '--', ...LIFE], { stdio: 'ignore' });
  ends.push(async () => {
    const exit = daemon.exitCode === null ? once(daemon, 'exit') : undefined;
    run('lxc-stop', ['-P', place, '-n', container, '-k']);
    await exit;
  });
  await until('lxc', () => {
    try {
      return run('lxc-info', ['-P', place, '-n', container, '-s']).includes('RUNNING');
    } catch {
      return false;
    }
  });
  return { container, toolArgs: ['-P', place] };
}
