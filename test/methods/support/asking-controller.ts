// A controller that is made to be killed while a password is asked for and after: reaches a host, then another user of it. Arguments: options
// of ssh, method, options of it, password.
import * as resprout from '../../../src/index.ts';
import { whoIsHere } from '../programs/here.ts';

type Opener = (options: object) => Promise<resprout.Context>;

if (import.meta.main) {
  const [first = '', method = '', second = '', password = ''] = process.argv.slice(2);
  const via = await resprout.ssh(JSON.parse(first) as resprout.SshOptions);
  const open = (resprout as unknown as Readonly<Record<string, Opener>>)[method];
  const ask = async (): Promise<string> => {
    process.stdout.write('asked\n');
    await new Promise((resolve) => setTimeout(resolve, 100));
    return password;
  };
  const context = await open?.({ ...(JSON.parse(second) as object), via, ask });
  await context?.call(whoIsHere);
  process.stdout.write('open\n');
  setInterval(() => {}, 1000);
}
