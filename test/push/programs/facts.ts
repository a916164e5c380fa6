import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** What a far side says of the Node that runs it, with what a child of it says that is started as programs start them. */
export function nodeFacts(): { version: string; execPath: string; child: string } {
  const child = execFileSync(process.execPath, ['-p', 'process.version'], { encoding: 'utf8' }).trim();
  return { version: process.version, execPath: process.execPath, child };
}

/** All that this process has read so far, from files, pipes and sockets. */
export function bytesRead(): number {
  return Number(/^rchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
}

/** Names of what lies in folders there. */
export function namesThere(folders: readonly string[]): string[] {
  return folders.flatMap((folder) => (existsSync(folder) ? readdirSync(folder).map((name) => `${folder}/${name}`) : []));
}
