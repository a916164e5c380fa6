// A controller that is made to be killed: its far side has children. Arguments: options.
import { ssh, type SshOptions } from '../../../src/index.ts';
import { leave } from '../programs/leaves.ts';

if (import.meta.main) {
  const context = await ssh(JSON.parse(process.argv[2] ?? '') as SshOptions);
  await context.call(leave);
  process.stdout.write('open\n');
  setInterval(() => {}, 1000);
}
