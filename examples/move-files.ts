// Moves a folder to a target and back: `node examples/move-files.ts ssh://web-1`, or as a session:
// `resprout run examples/move-files.ts --data '{"target":"ssh://web-1"}'`.
import { connect } from 'resprout';

export async function main({ data }: { data?: { target?: string } } = {}): Promise<void> {
  await using web = await connect(data?.target ?? 'local:');
  const { $, files } = web;
  const { stdout: there } = await $`mktemp -d`;

  // A folder with everything in it, beside this file: only what is not there already is sent.
  const site = new URL('./host-report', import.meta.url);
  const first = await files.put(site, `${there}/site`);
  const again = await files.put(site, `${there}/site`);
  console.log(first.fileCount > 0, again.fileCount);

  // Exactly as here: what is there besides goes.
  await $`touch ${there}/site/left-over`;
  const { removedCount } = await files.sync(site, `${there}/site`);
  console.log(removedCount);

  // A small file as a value. Readers there see the old one or the new one.
  await files.write(`${there}/version`, '2.4.1\n', { mode: 0o644 });
  console.log((await files.read(`${there}/version`)).trim());

  // And back.
  const { stdout: here } = await (await connect('local:here')).$`mktemp -d`;
  await files.get(`${there}/site`, `${here}/site`);
  console.log((await (await connect('local:here')).$({ lines: true })`ls ${here}/site`).stdout.length > 0);
  await Promise.all([$`rm -r ${there}`, (await connect('local:here')).$`rm -r ${here}`]);
}

if (import.meta.main) await main({ data: process.argv[2] === undefined ? {} : { target: process.argv[2] } });
