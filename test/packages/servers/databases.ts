// PostgreSQL and Redis of the machine, each in a folder of its own below a temporary one, as a user that is not root.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, globSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../support/free-port.ts';

/** The databases that programs may use. */
export interface Databases {
  readonly postgresUrl: string;
  readonly redisUrl: string;
  close(): Promise<void>;
}

const READY_MS = 150_000;

async function answers(port: number): Promise<boolean> {
  const socket = net.connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function untilReady(port: number, isReady: () => boolean, child: ChildProcess): Promise<void> {
  const until = performance.now() + READY_MS;
  while (performance.now() < until) {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended with ${child.exitCode}`);
    if ((await answers(port)) && isReady()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${child.spawnfile} does not answer at ${port}`);
}

/** A program of the machine. @throws Error naming the Debian package when it is not installed */
function programFile(pattern: string, debian: string): string {
  const found = globSync(pattern).sort().at(-1);
  if (found === undefined) throw new Error(`${pattern} is not there: install the package ${debian}`);
  return found;
}

/** Neither server wants to be root. */
function asOther(folder: string): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const uid = Number(execFileSync('id', ['-u', 'nobody'], { encoding: 'utf8' }));
  const gid = Number(execFileSync('id', ['-g', 'nobody'], { encoding: 'utf8' }));
  chownSync(folder, uid, gid);
  return { uid, gid };
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

/** Starts both and waits until they answer. */
export async function startDatabases(): Promise<Databases> {
  const root = mkdtempSync(path.join(tmpdir(), 'packages-db-'));
  const folder = (name: string): string => {
    const made = path.join(root, name);
    mkdirSync(made);
    return made;
  };
  const who = asOther(root);
  const postgres = programFile('/usr/lib/postgresql/*/bin/postgres', 'postgresql');
  const data = folder('postgres');
  asOther(data);
  execFileSync(
    path.join(path.dirname(postgres), 'initdb'),
    ['-D', data, '-U', 'test', '-A', 'trust', '--no-sync', '-E', 'UTF8', '--locale=C.UTF-8'],
    {
      ...who,
      stdio: ['ignore', 'ignore', 'pipe'],
      cwd: root,
    },
  );
  const pgPort = await freePort();
  let redisPort = pgPort;
  while (redisPort === pgPort) redisPort = await freePort();
  const pg = spawn(postgres, ['-D', data, '-p', String(pgPort), '-h', '127.0.0.1', '-k', data, '-F'], {
    ...who,
    stdio: 'ignore',
    cwd: root,
  });
  const redisFolder = folder('redis');
  asOther(redisFolder);
  const redis = spawn(
    programFile('/usr/bin/redis-server', 'redis-server'),
    ['--port', String(redisPort), '--bind', '127.0.0.1', '--dir', redisFolder, '--save', '', '--appendonly', 'no'],
    { ...who, stdio: 'ignore', cwd: root },
  );
  const psql = (): boolean => {
    try {
      execFileSync(path.join(path.dirname(postgres), 'pg_isready'), ['-h', '127.0.0.1', '-p', String(pgPort)], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  };
  await Promise.all([untilReady(pgPort, psql, pg), untilReady(redisPort, () => true, redis)]);
  return {
    postgresUrl: `postgres://test@127.0.0.1:${pgPort}/postgres`,
    redisUrl: `redis://127.0.0.1:${redisPort}`,
    async close() {
      await Promise.all([stop(pg, 'SIGINT'), stop(redis, 'SIGTERM')]);
      rmSync(root, { recursive: true, force: true });
    },
  };
}
