// A controller that is made to be killed while a command of it runs. Argument: options of its context.
import { ssh, type SshOptions } from '../../../src/index.ts';

if (import.meta.main) {
  const context = await ssh(JSON.parse(process.argv[2] ?? '') as SshOptions);
  for await (const line of context.$`sh -c ${'echo running; sleep 744 & sleep 743'}`) process.stdout.write(`${line}\n`);
}
