// The Nodes that the users of a rig can run. The one that runs the tests may lie in a home that only its owner can enter, as the primer's
// cache does, so the namespace of sshd shows each of them in the folder of the rig.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { missingNodes, testNode } from '../../support/nodes.ts';

/** `this` is the one that runs the tests; the other is too old to be a far side. */
export type FarNode = 'this' | '20.20.2';

const placeOf = (folder: string, name: FarNode): string => join(folder, 'nodes', name, 'node');

/** Path of a Node as a user of the rig sees it. @param home of that user */
export const farNode = (home: string, name: FarNode = 'this'): string => placeOf(dirname(home), name);

/** Makes the places in the folder of a rig, and gives the shell lines that fill them in a mount namespace. */
export function nodeLines(folder: string): string[] {
  const nodes: [FarNode, string][] = [['this', process.execPath]];
  if (missingNodes('20.20.2') === false) nodes.push(['20.20.2', testNode('20.20.2')]);
  return nodes.map(([name, binary]) => {
    const place = placeOf(folder, name);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, '');
    return `mount --bind '${binary}' '${place}'`;
  });
}
