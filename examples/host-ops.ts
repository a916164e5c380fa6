// What rollout.ts does on a host. Ordinary functions: their file and what it imports travel by themselves.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { contextInfo } from 'resprout';

/** Stands for where a service of this host is installed. */
const versionFile = (): string => path.join(os.tmpdir(), `resprout-rollout-${String(os.userInfo().uid)}`, contextInfo().name, 'version');

export async function upgrade(version: string): Promise<void> {
  console.log(`unpacking ${version}`);
  await mkdir(path.dirname(versionFile()), { recursive: true });
  await writeFile(versionFile(), version);
}

export async function checkHealth(): Promise<void> {
  const version = await readFile(versionFile(), 'utf8');
  if (version === 'broken') throw new Error(`unhealthy after ${version}`);
}
