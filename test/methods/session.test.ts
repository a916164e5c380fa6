// Methods in a session: opened once, answered from the journal on replay, opened again after kill -9.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';
import { Shop } from '../cli/support/cli.ts';

const skip = needs('root', { program: 'sudo', debianPackage: 'sudo' }, { program: 'su', debianPackage: 'util-linux' });

const OPS = `
import { appendFileSync, existsSync } from 'node:fs';
export function mark(file: string, text: string): string { appendFileSync(file, text + '\\n'); return text; }
export async function wait(file: string, go: string): Promise<string> {
  appendFileSync(file, 'waits\\n');
  while (!existsSync(go)) await new Promise((resolve) => setTimeout(resolve, 20));
  return 'waited';
}
`;
const PROGRAM = `
import { connect, sudo } from 'resprout';
import { mark, wait } from './ops.ts';
export default async function main(event: { data: { node: string; file: string; go: string } }) {
  const { node, file, go } = event.data;
  const root = await sudo({ node });
  const deep = await connect('local:mid+su:?node=' + encodeURIComponent(node));
  console.log(root.name, deep.name, root === (await sudo({ node })));
  await root.call(mark, file, 'root');
  await deep.call(mark, file, 'deep');
  await deep.call(wait, file, go);
  await root.call(mark, file, 'end');
  return [root.info.generation, deep.info.generation];
}
`;

test('sudo and su in a session are opened again after kill -9, and what was done is not done again', { skip }, async () => {
  using shop = new Shop({ 'ops.ts': OPS, 'program.ts': PROGRAM });
  const [file, go] = [path.join(shop.folder, 'marks'), path.join(shop.folder, 'go')];
  writeFileSync(file, '');
  const first = shop.start(['run', 'program.ts', '--data', JSON.stringify({ node: process.execPath, file, go })]);
  await until('the wait', () => readFileSync(file, 'utf8').includes('waits'));
  first.kill('SIGKILL');
  await first.ended;
  writeFileSync(go, '');
  const { out, err, exit } = await shop.run(['resume', 'last']);
  assert.deepEqual([exit, readFileSync(file, 'utf8').split('\n')], [0, ['root', 'deep', 'waits', 'waits', 'end', '']], err);
  assert.match(out, /\[\s*2,\s*2\s*\]/);
});
