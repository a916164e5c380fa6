// A controller that is made to be killed in the middle of a call: opens a context with the public interface and calls what never ends.
import { ssh, type SshOptions } from '../../../src/index.ts';
import { hang, whoAmI } from '../programs/far.ts';

if (import.meta.main) {
  const options = JSON.parse(process.argv[2] ?? '') as SshOptions;
  const context = await ssh(options);
  await context.call(whoAmI);
  process.stdout.write('open\n');
  await context.call(hang);
}
