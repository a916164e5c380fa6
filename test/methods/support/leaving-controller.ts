// A controller that is made to be killed: its far side has children. Arguments: method, options, how many seconds its children sleep.
import * as resprout from '../../../src/index.ts';
import { leave } from '../../ssh/programs/leaves.ts';

type Opener = (options: object) => Promise<resprout.Context>;

if (import.meta.main) {
  const [method = '', options = '', from = ''] = process.argv.slice(2);
  const open = (resprout as unknown as Readonly<Record<string, Opener>>)[method];
  if (open === undefined) throw new Error(`there is no opener ${method}`);
  const context = await open(JSON.parse(options) as object);
  await context.call(leave, Number(from));
  process.stdout.write('open\n');
  setInterval(() => {}, 1000);
}
