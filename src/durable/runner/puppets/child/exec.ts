// exec and execFile of a session.
import type { ChildProcess, ExecFileException } from 'node:child_process';
import path from 'node:path';
import { deferred } from '../../../../base/deferred.ts';
import type { Session } from '../../../replay/session/session-api.ts';
import { natives } from '../natives.ts';
import type { CollectOptions, ExecCallback } from './collect.ts';
import { ExecChild, refuseExec } from './exec-child.ts';
import { checkLimits } from './spawn.ts';
import { outsideOptions, shownArguments, type GivenOptions } from './spawn-options.ts';

type Options = CollectOptions & GivenOptions;
type Start = (...args: unknown[]) => ChildProcess;

const isCallback = (value: unknown): value is ExecCallback => typeof value === 'function';
const isOptions = (value: unknown): value is Options => typeof value === 'object' && value !== null && !Array.isArray(value);

function isUsual(file: unknown, args: unknown, options: Options): boolean {
  const { maxBuffer, timeout } = options;
  return (
    typeof file === 'string' &&
    file !== '' &&
    Array.isArray(args) &&
    args.every((arg) => typeof arg === 'string' && !arg.includes('\0')) &&
    (maxBuffer === undefined || (typeof maxBuffer === 'number' && maxBuffer >= 0)) &&
    (timeout === undefined || (Number.isInteger(timeout) && timeout >= 0))
  );
}

function execute(
  session: Session,
  fn: string,
  file: unknown,
  args: readonly string[],
  given: Options,
  callback: ExecCallback | undefined,
): ChildProcess {
  const options: Options = { encoding: 'utf8', ...given };
  if (!isUsual(file, args, options)) return refuseExec(file, args, given) as ChildProcess;
  checkLimits(given);
  const outside = outsideOptions(session, given);
  const name = file as string;
  const child = new ExecChild(session, {
    fn,
    shown: `child process ${path.basename(name)}`,
    args: shownArguments(file, args, given),
    site: session.world.site('own'),
    command: args.length > 0 ? `${name} ${args.join(' ')}` : name,
    isDetached: false,
    options,
    callback,
    start: () => (natives.spawn as unknown as Start)(file, args, outside),
    runAll: (done) => {
      const { encoding, maxBuffer, timeout, killSignal } = options;
      const all = {
        ...outside,
        encoding,
        killSignal: killSignal ?? 'SIGTERM',
        ...(maxBuffer === undefined ? {} : { maxBuffer }),
        ...(timeout === undefined ? {} : { timeout }),
      };
      return (natives.execFile as unknown as Start)(file, args, all, (error: ExecFileException | null, stdout: string, stderr: string) =>
        done(error, stdout, stderr),
      );
    },
  });
  return child as unknown as ChildProcess;
}

/** `execFile` of a program, in all its forms. */
export function execFilePuppet(session: Session, file: unknown, ...rest: unknown[]): ChildProcess {
  const args = Array.isArray(rest[0]) ? (rest.shift() as string[]) : [];
  while (rest.length > 0 && (rest[0] === undefined || rest[0] === null)) rest.shift();
  const given = isOptions(rest[0]) ? (rest.shift() as Options) : {};
  const callback = rest.find(isCallback);
  return execute(session, 'node:child_process.execFile', file, [...args], given, callback);
}

/** `exec` of a program: the same with a shell. */
export function execPuppet(session: Session, command: unknown, ...rest: unknown[]): ChildProcess {
  if (typeof command !== 'string') return Reflect.apply(natives.exec, undefined, [command]) as ChildProcess;
  const given = isOptions(rest[0]) ? rest[0] : {};
  const { shell } = given;
  return execute(
    session,
    'node:child_process.exec',
    command,
    [],
    { ...given, shell: typeof shell === 'string' ? shell : true },
    rest.find(isCallback),
  );
}

/** What `util.promisify` makes of them. */
export function promised(run: (...args: unknown[]) => ChildProcess, args: readonly unknown[]): Promise<unknown> {
  const { promise, resolve, reject } = deferred<unknown>();
  const child = run(...args, (error: Error | null, stdout: unknown, stderr: unknown) => {
    if (error === null) resolve({ stdout, stderr });
    else reject(Object.assign(error, { stdout, stderr }));
  });
  return Object.assign(promise, { child });
}
