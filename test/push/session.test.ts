// Far sides without Node of sessions and of the command line.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { nothingLeft, Shop } from '../cli/support/cli.ts';
import { KEPT, makeRoom, roomProblem } from './support/room.ts';

const PROGRAM = `
import { chroot } from 'resprout';
import { nodeFacts } from './facts.ts';
export default async function main(event) {
  const far = await chroot(event.data);
  const { execPath } = await far.call(nodeFacts);
  return execPath;
}
`;
const FACTS = `
export function nodeFacts() {
  return { execPath: process.execPath };
}
`;

test('a session and a call of the command line put a Node where none is', { skip: roomProblem() }, async () => {
  const room = makeRoom('static');
  try {
    using shop = new Shop({ 'main.ts': PROGRAM, 'facts.ts': FACTS });
    const data = JSON.stringify({ ...room.options, pushNode: true });
    for (const round of [1, 2]) {
      const { exit, out, err } = await shop.run(['run', 'main.ts', '--json', '--data', data]);
      assert.equal(exit, 0, err);
      assert.match(out, /with-all/);
      assert.equal(/is put there|put beside it/.test(err), round === 1, err);
    }
    assert.equal(room.names(KEPT).length, 1);
    mkdirSync(`${room.folder}/tmp`);
    const { out, err } = await shop.run(['call', `chroot:${room.folder}?pushNode=memory`, 'facts.ts:nodeFacts']);
    assert.match(out, /execPath/, err);
    await nothingLeft(shop.folder);
  } finally {
    room.close();
  }
});
