// A program that detaches a context, or attaches to one: `start OPTIONS` prints its token; `attach TARGET` reads one from stdin, says what it finds,
// and stays until stdin ends or it is killed.
import { attach, local, setContextLog, ssh, type Context, type SshOptions } from 'resprout';
import { createInterface } from 'node:readline/promises';
import { add, countTo, print, printer, sleeper } from './far.ts';

const say = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);

async function open(options: string): Promise<Context> {
  return options === 'local' ? await local({ name: 'counter' }) : await ssh({ ...(JSON.parse(options) as SshOptions), name: 'counter' });
}

async function start(options: string, leaseMs: number): Promise<void> {
  const context = await open(options);
  const sum = await context.call(add, 5);
  const children = [await context.call(sleeper, 6071), await context.call(printer)];
  const running = context.call(countTo, 100_000, 20).catch((error: unknown) => (error as { readonly code?: string }).code);
  const token = await context.detach({ leaseMs });
  say({ token: token.reveal(), shown: String(token), pid: context.info.pid, sum, children, running: await running });
}

async function collect(target: string): Promise<void> {
  const lines = createInterface(process.stdin)[Symbol.asyncIterator]();
  const { value: given } = (await lines.next()) as { readonly value: string };
  const { configFile, token } = JSON.parse(given) as { readonly configFile?: string; readonly token: string };
  setContextLog((line) => say({ stream: line.stream, text: line.text, from: line.context }));
  const context = await attach(target, token, configFile === undefined ? {} : { configFile });
  const { generation, pid } = context.info;
  say({ name: context.name, pid, generation, sum: await context.call(add, 0) });
  await context.call(print, 'here again');
  await lines.next();
  await context.close();
  say('closed');
}

/** Tells how a detach was refused, and that the context is as it was. */
async function refused(): Promise<void> {
  await using context = await local({ name: 'refused' });
  await context.call(add, 1);
  const { code, message } = await context.detach({ leaseMs: 60_000 }).then(
    () => ({ code: 'none', message: 'it was detached' }),
    (error: unknown) => error as { readonly code: string; readonly message: string },
  );
  await context.call(print, 'as before');
  say({ code, refused: message, sum: await context.call(add, 1) });
}

if (import.meta.main) {
  const [role = '', place = '', leaseMs = '0'] = process.argv.slice(2);
  if (role === 'refused') await refused();
  else if (role === 'start') await start(place, Number(leaseMs));
  else await collect(place);
}
