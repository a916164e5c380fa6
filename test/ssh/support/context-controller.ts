// A controller that is made to be killed in the middle of a call: opens a context with the public interface, perhaps by way of a second
// one, and calls what never ends. Arguments: options, then options of the context behind it and its password.
import { ssh, type SshOptions } from '../../../src/index.ts';
import { hang, whoAmI } from '../programs/far.ts';

if (import.meta.main) {
  const [first = '', behind, password] = process.argv.slice(2);
  const via = await ssh(JSON.parse(first) as SshOptions);
  const context = behind === undefined ? via : await ssh({ ...(JSON.parse(behind) as SshOptions), via, ask: async () => password });
  await context.call(whoAmI);
  process.stdout.write('open\n');
  await context.call(hang);
}
