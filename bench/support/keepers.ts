// Others that keep threads and processes alive: piscina, PM2 and node:cluster, each as its documentation says, for as long as a bench lasts.
// The packages are those of ../keepers/package.json.
import cluster, { type Worker as ClusterWorker } from 'node:cluster';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';

const KEEPERS = path.join(import.meta.dirname, '../keepers');
const INSTALL = 'npm ci --ignore-scripts --no-audit --no-fund';
const BARE = path.join(import.meta.dirname, '../programs/unit-bare.ts');

/** Installs what the lockfile says. Needs the network, once. @returns why it is not there */
export function missingKeepers(): string | undefined {
  if (existsSync(path.join(KEEPERS, 'node_modules/.package-lock.json'))) return undefined;
  console.error(`bench/keepers: its packages are missing, installing them: ${INSTALL}`);
  const install = spawnSync(INSTALL, { cwd: KEEPERS, shell: true, stdio: ['ignore', 'ignore', 'inherit'] });
  return install.status === 0 ? undefined : `the packages cannot be installed: cd bench/keepers && ${INSTALL}`;
}

const load = (name: string): unknown => createRequire(path.join(KEEPERS, 'package.json'))(name);

/** A pool of threads. */
export interface Pool {
  run(value: string): Promise<string>;
  destroy(): Promise<void>;
}

/** Piscina with so many threads. */
export function openPiscina(threads: number, tasksAtOnce: number): Pool {
  const { Piscina } = load('piscina') as { readonly Piscina: new (options: object) => Pool };
  const filename = path.join(import.meta.dirname, '../programs/echo-task.ts');
  const options = { filename, name: 'echo', minThreads: threads, maxThreads: threads, concurrentTasksPerWorker: tasksAtOnce };
  return new Piscina(options);
}

/** Starts a worker of node:cluster and waits for its word. */
export async function openClusterWorker(): Promise<ClusterWorker> {
  cluster.setupPrimary({ exec: BARE, silent: false });
  const worker = cluster.fork();
  await once(worker, 'message');
  return worker;
}

/** Events of the daemon. It connects again for ever when that is gone, unless it is closed before. */
interface Bus extends NodeJS.EventEmitter {
  close(): void;
}

interface Pm2 {
  connect(then: (error: Error | null) => void): void;
  start(options: object, then: (error: Error | null) => void): void;
  delete(name: string, then: (error: Error | null) => void): void;
  describe(name: string, then: (error: Error | null, found: readonly { readonly pid: number }[]) => void): void;
  launchBus(then: (error: Error | null, bus: Bus) => void): void;
  killDaemon(then: () => void): void;
  disconnect(): void;
}

/** PM2 with a daemon and a home of its own. */
export interface Pm2Daemon extends AsyncDisposable {
  /** Starts one process and waits until it has said that it is ready. */
  start(name: string): Promise<void>;
  /** Kills it; resolves when PM2 has said that it is online again. @returns ms until then */
  restart(name: string): Promise<number>;
  remove(name: string): Promise<void>;
}

export async function openPm2(): Promise<Pm2Daemon> {
  const home = mkdtempSync(path.join(tmpdir(), 'resprout-pm2-'));
  process.env['PM2_HOME'] = home;
  const pm2 = load('pm2') as Pm2;
  const done = (act: (then: (error: Error | null) => void) => void): Promise<void> =>
    new Promise((resolve, reject) => act((error) => (error ? reject(new Error('PM2 refused', { cause: error })) : resolve())));
  await done((then) => pm2.connect(then));
  const bus = await new Promise<Bus>((resolve, reject) =>
    pm2.launchBus((error, found) => (error === null ? resolve(found) : reject(error))),
  );
  return {
    start: (name) =>
      done((then) =>
        pm2.start(
          { name, script: BARE, exec_mode: 'fork', interpreter: process.execPath, wait_ready: true, min_uptime: 0, max_restarts: 1000 },
          then,
        ),
      ),
    async restart(name) {
      const [found] = await new Promise<readonly { readonly pid: number }[]>((resolve, reject) =>
        pm2.describe(name, (error, all) => (error === null || error === undefined ? resolve(all) : reject(error))),
      );
      const online = new Promise<void>((resolve) => {
        const listener = ({ event }: { readonly event: string }): void => {
          if (event !== 'online') return;
          bus.off('process:event', listener);
          resolve();
        };
        bus.on('process:event', listener);
      });
      const killedMs = performance.now();
      process.kill(found?.pid ?? 0, 'SIGKILL');
      await online;
      return performance.now() - killedMs;
    },
    remove: (name) => done((then) => pm2.delete(name, then)),
    async [Symbol.asyncDispose]() {
      bus.close();
      await new Promise<void>((resolve) => pm2.killDaemon(() => resolve()));
      pm2.disconnect();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
