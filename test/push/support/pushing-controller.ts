// A controller that puts a Node somewhere, in a process of its own: with a cache of its own, or to be killed. Arguments: options of `chroot`, or of
// the opener that `method` names.
import { chroot, setContextLog, ssh, type ChrootOptions, type SshOptions } from '../../../src/index.ts';
import { nodeFacts } from '../programs/facts.ts';

if (import.meta.main) {
  setContextLog((line) => process.stdout.write(`${line.text}\n`));
  process.stdout.write('starts\n');
  try {
    const { method, ...options } = JSON.parse(process.argv[2] ?? '') as { method?: 'ssh' };
    const context = await (method === 'ssh' ? ssh(options as SshOptions) : chroot(options as ChrootOptions));
    process.stdout.write(`${JSON.stringify(await context.call(nodeFacts))}\nopen\n`);
    if (process.argv[3] === 'stays') setInterval(() => {}, 1000);
    else await context.close();
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    process.stdout.write(`${code ?? 'no code'} ${message}\n`);
    process.exitCode = 1;
  }
}
