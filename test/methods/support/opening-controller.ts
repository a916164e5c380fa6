// A controller that is made to be killed while it opens. Arguments: method, options.
import * as resprout from '../../../src/index.ts';
import { whoIsHere } from '../programs/here.ts';

type Opener = (options: object) => Promise<resprout.Context>;

if (import.meta.main) {
  const [method = '', options = ''] = process.argv.slice(2);
  process.stdout.write('starts\n');
  const context = await (resprout as unknown as Readonly<Record<string, Opener>>)[method]?.(JSON.parse(options) as object);
  await context?.call(whoIsHere);
  process.stdout.write('open\n');
  setInterval(() => {}, 1000);
}
