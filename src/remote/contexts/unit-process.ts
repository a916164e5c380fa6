// A process for one unit of a supervisor, opened through a context of a plain program.
import { ResproutError } from '../../base/errors/errors.ts';
import type { OwnCall } from '../calls/own-calls.ts';
import { lostError } from '../calls/lost-error.ts';
import { THROUGH } from '../hosts/below-contexts.ts';
import type { LostReport } from '../hosts/host.ts';
import { openBy } from './open.ts';
import type { OpenOptions } from './options.ts';
import { PlainContext } from './plain-context.ts';

/** How it is started. */
export interface UnitProcessOptions extends Pick<OpenOptions, 'name' | 'env' | 'signal'> {
  readonly cwd?: string | undefined;
  /** Flags of Node. */
  readonly flags: readonly string[];
}

/** How it went away. */
export interface UnitProcessEnd extends LostReport {
  /** Whether it is the context that went away. */
  readonly isThrough: boolean;
}

/** A process that runs one unit. Whoever has it closes it. */
export interface UnitProcess {
  readonly pid: number;
  /** Resolves when it is gone, or when nobody can tell any more since the context is gone. */
  readonly ended: Promise<UnitProcessEnd>;
  call(call: OwnCall): Promise<unknown>;
  /** Ends it at once, with all of its group. */
  close(): Promise<void>;
}

/** Whether a value is a context through which units can be started. */
export function takesUnits(context: object): context is PlainContext {
  return context instanceof PlainContext;
}

/** Opens one. A context that is gone is not opened again: that is for whoever opened it. @throws ResproutError REMOTE_* */
export async function openUnitProcess(via: PlainContext, options: UnitProcessOptions): Promise<UnitProcess> {
  const { cwd, env, flags, name, signal } = options;
  const lost = via.opening.last?.lost;
  if (lost !== undefined) throw lostError(`${via.name}: unit ${name ?? ''}`, lost);
  const node = flags.length === 0 ? undefined : [via.info.execPath, ...flags];
  const fields: OpenOptions & { readonly cwd: string | undefined } = { name, via, cwd, env, node, signal };
  const context = await openBy('local', fields);
  if (!(context instanceof PlainContext)) throw new ResproutError('INTERNAL', 'a unit was opened in a session');
  const { opening } = context;
  const { last } = opening;
  if (last === undefined) throw opening.notOpen();
  return {
    pid: context.info.pid,
    ended: opening.side.report(last.id).promise.then((report) => ({ ...report, isThrough: report.reason.startsWith(THROUGH) })),
    call: (call) => context.callOwn(call),
    close: () => context.close({ graceMs: 0 }),
  };
}
