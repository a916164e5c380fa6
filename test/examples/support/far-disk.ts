// What the disks of far users look like: names, kinds, sizes, times and contents, and what the users have in places where all may write.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import type { FarUser } from '../../ssh/support/far-user.ts';

const SHARED = ['/tmp', '/var/tmp', '/dev/shm', '/run', '/var/spool', '/var/mail'];

function describe(file: string): string {
  const facts = lstatSync(file, { bigint: true });
  const content = facts.isFile() ? createHash('sha256').update(readFileSync(file)).digest('hex') : '';
  const target = facts.isSymbolicLink() ? readlinkSync(file) : '';
  return [file, facts.mode, facts.uid, facts.size, facts.mtimeNs, facts.ctimeNs, content, target].join(' ');
}

function treeOf(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return [describe(folder), ...names.map((name) => describe(path.join(folder, name)))];
}

/** One line a file: everything in the homes, which are mounts of their own, and everything in shared places that belongs to the users. */
export function disksOf(users: readonly FarUser[]): string[] {
  const owners = users.flatMap(({ uid }, index) => [...(index === 0 ? [] : ['-o']), '-uid', String(uid)]);
  // Other programs come and go in shared places: what find says about them does not matter.
  const args = [...SHARED, '-xdev', '(', ...owners, ')', '-printf', '%p %y %s %T@ %C@\\n'];
  const { stdout } = spawnSync('find', args, { encoding: 'utf8' });
  return [...users.flatMap(({ home }) => treeOf(home)), ...stdout.split('\n').filter(Boolean).sort()];
}
