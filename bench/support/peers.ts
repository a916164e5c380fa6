// Other systems that make programs durable, each with its server on this machine, for as long as a bench lasts. Their packages are those of
// ../peers/package.json; DBOS wants PostgreSQL besides.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createServer } from 'node:net';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

const PEERS = path.join(import.meta.dirname, '../peers');
const INSTALL = 'npm ci --ignore-scripts --no-audit --no-fund';
const START_MS = 30_000;
const RUN_MS = 60_000;

/** A system that runs workflows of so many steps. */
export interface Peer extends AsyncDisposable {
  /** @returns ms that a new workflow of this kind took */
  run(kind: 'sequential' | 'fan-out', steps: number): Promise<number>;
}

/** Installs what the lockfile says. Needs the network, once. @returns why it is not there */
export function missingPeers(): string | undefined {
  if (existsSync(path.join(PEERS, 'node_modules/.package-lock.json'))) return undefined;
  console.error(`bench/peers: its packages are missing, installing them: ${INSTALL}`);
  const install = spawnSync(INSTALL, { cwd: PEERS, shell: true, stdio: ['ignore', 'ignore', 'inherit'] });
  return install.status === 0 ? undefined : `the packages cannot be installed: cd bench/peers && ${INSTALL}`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no port is free');
  return address.port;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'close');
}

/** Tries until it works. @throws Error the last one, after 30 s */
async function eventually(what: string, attempt: () => Promise<boolean> | boolean): Promise<void> {
  const deadlineMs = performance.now() + START_MS;
  while (!(await attempt())) {
    if (performance.now() > deadlineMs) throw new Error(`${what} does not start`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A program of ../peers that takes orders on its standard input. */
async function worker(file: string, env: Readonly<Record<string, string>>): Promise<Peer> {
  const child = spawn(process.execPath, [path.join(PEERS, file)], {
    env: { ...process.env, ...env, NODE_NO_WARNINGS: '1' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const lineWith = async (word: string, limitMs: number): Promise<string> => {
    const limit = setTimeout(() => child.kill('SIGKILL'), limitMs);
    try {
      for (;;) {
        const { value, done } = await lines.next();
        if (done === true) throw new Error(`bench/peers/${file} ended`);
        if (value.startsWith(word)) return value.slice(word.length);
      }
    } finally {
      clearTimeout(limit);
    }
  };
  await lineWith('ready', START_MS);
  return {
    async run(kind, steps) {
      child.stdin.write(`${kind} ${String(steps)}\n`);
      return Number(await lineWith('took ', RUN_MS));
    },
    [Symbol.asyncDispose]: () => end(child, 'SIGKILL'),
  };
}

/** The folder of PostgreSQL's programs: on PATH, or where Debian puts them. */
export function postgresFolder(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => path.join(debian, version, 'bin')), ...(process.env['PATH'] ?? '').split(':')];
  return folders.find((folder) => existsSync(path.join(folder, 'initdb')) && existsSync(path.join(folder, 'postgres')));
}

/** DBOS over a PostgreSQL of its own. @param programs folder of its programs */
export async function openDbos(programs: string): Promise<Peer> {
  // In a folder that its user may enter.
  const place = mkdtempSync(path.join(tmpdir(), 'resprout-postgres-'));
  // PostgreSQL refuses to run as root; Debian has a user for it.
  const isRoot = process.getuid?.() === 0;
  const asUser = (program: string, args: readonly string[]): [string, string[]] =>
    isRoot ? ['runuser', ['-u', 'postgres', '--', program, ...args]] : [program, [...args]];
  if (isRoot) {
    const [uid, gid] = ['-u', '-g'].map((which) => Number(spawnSync('id', [which, 'postgres'], { encoding: 'utf8' }).stdout));
    chownSync(place, uid ?? 0, gid ?? 0);
  }
  const data = path.join(place, 'data');
  const made = spawnSync(...asUser(path.join(programs, 'initdb'), ['-D', data, '-A', 'trust', '-U', 'bench']), { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  const port = String(await freePort());
  const options = ['-D', data, '-k', place, '-c', 'listen_addresses=127.0.0.1', '-p', port];
  const database = spawn(...asUser(path.join(programs, 'postgres'), options), { stdio: 'ignore' });
  const isUp = (): boolean => spawnSync(path.join(programs, 'pg_isready'), ['-h', '127.0.0.1', '-p', port]).status === 0;
  const close = async (): Promise<void> => {
    await end(database, 'SIGTERM');
    rmSync(place, { recursive: true, force: true });
  };
  try {
    await eventually('PostgreSQL', isUp);
    const peer = await worker('dbos.mjs', { DATABASE_URL: `postgresql://bench@127.0.0.1:${port}/bench` });
    return {
      run: (kind, steps) => peer.run(kind, steps),
      async [Symbol.asyncDispose]() {
        await peer[Symbol.asyncDispose]();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Restate: its server, and a service beside it. @param folder where the server puts its log */
export async function openRestate(folder: string): Promise<Peer> {
  const ports = await Promise.all([freePort(), freePort(), freePort()]);
  const [ingress, admin, node] = ports.map((port) => `127.0.0.1:${String(port)}`) as [string, string, string];
  const place = path.join(folder, 'restate');
  mkdirSync(place);
  const program = path.join(PEERS, `node_modules/@restatedev/restate-server-${process.platform}-${process.arch}/bin/restate-server`);
  const server = spawn(program, ['--no-logo', '--base-dir', place], {
    env: {
      ...process.env,
      RESTATE_LISTEN_MODE: 'tcp',
      RESTATE_INGRESS__BIND_ADDRESS: ingress,
      RESTATE_ADMIN__BIND_ADDRESS: admin,
      RESTATE_BIND_ADDRESS: node,
      DO_NOT_TRACK: '1',
    },
    stdio: 'ignore',
  });
  const isUp = async (): Promise<boolean> => {
    try {
      return (await fetch(`http://${admin}/health`, { signal: AbortSignal.timeout(1000) })).ok;
    } catch {
      return false;
    }
  };
  try {
    await eventually('the server of Restate', isUp);
    const peer = await worker('restate.mjs', { ADMIN_URL: `http://${admin}`, INGRESS_URL: `http://${ingress}` });
    return {
      run: (kind, steps) => peer.run(kind, steps),
      async [Symbol.asyncDispose]() {
        await peer[Symbol.asyncDispose]();
        await end(server, 'SIGTERM');
      },
    };
  } catch (error) {
    await end(server, 'SIGKILL');
    throw error;
  }
}
