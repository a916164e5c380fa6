import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { farNode, type FarNode } from './far-nodes.ts';
import type { FarUser } from './far-user.ts';

/** Puts a Node into `bin` of a folder under a home, as a version manager would. @param node by default the one that runs this process */
export function placeNode(home: string, folder: string, node: FarNode = 'this'): void {
  mkdirSync(join(home, folder, 'bin'), { recursive: true });
  symlinkSync(farNode(home, node), join(home, folder, 'bin/node'));
}

/** Puts a program there that says it is an old Node. */
export function placeOld(home: string, folder: string, version: string): void {
  mkdirSync(join(home, folder, 'bin'), { recursive: true });
  writeFileSync(join(home, folder, 'bin/node'), `#!/bin/sh\necho ${version}\n`);
  chmodSync(join(home, folder, 'bin/node'), 0o755);
}

/** Takes away what a test has put into a home. */
export function emptyHome(user: FarUser): void {
  for (const name of ['.nvm', '.volta', '.local', 'n', 'my node', '.bashrc', '.profile'])
    rmSync(join(user.home, name), { recursive: true, force: true });
}
