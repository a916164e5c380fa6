// One piece of work on many hosts: each is opened, the work is done there, and it is closed again.
import { toError } from '../../base/errors/errors.ts';
import type { Context, FanOptions, OpenOptions } from '../../index.ts';
import { openTarget } from '../../remote/contexts/open.ts';
import { Completions } from '../../remote/fan/completions.ts';
import { fanLimits } from '../../remote/fan/fan-options.ts';
import type { Host } from './choose-targets.ts';

/** What came of one host. */
export type HostOutcome<T> =
  | { readonly host: Host; readonly ok: true; readonly value: T }
  | { readonly host: Host; readonly ok: false; readonly error: Error };

export interface OnHosts<T> extends Omit<FanOptions, 'signal'> {
  readonly hosts: readonly Host[];
  /** How each is opened. */
  readonly opening: Pick<OpenOptions, 'ask' | 'logLevel'>;
  /** Ends all that runs; what has not ended by then has its reason as error. */
  readonly signal: AbortSignal;
  /** What is done on an open host. @param signal fires when nobody waits for it any more */
  work(context: Context, host: Host, signal: AbortSignal): Promise<T>;
  /** Called when the opening of a host begins. */
  onBegin?(host: Host): void;
  /** Called for each host once, in the order of their ends. */
  onEnd(outcome: HostOutcome<T>): void;
}

/** Does it; resolves when every host has been told and what was opened for it is closed. Never rejects for what happens on a host. */
export async function onHosts<T>(order: OnHosts<T>): Promise<void> {
  const { hosts, signal } = order;
  const running = new Set<Promise<unknown>>();
  const left = new Set(hosts);
  const tasks = hosts.map((host) => ({
    run: (stop: AbortSignal): Promise<HostOutcome<T>> => {
      const done = onHost(order, host, stop).then((value): HostOutcome<T> => ({ host, ok: true, value }));
      running.add(done);
      return done.finally(() => running.delete(done));
    },
    failed: (error: unknown): HostOutcome<T> => ({ host, ok: false, error: toError(error) }),
  }));
  const tell = (outcome: HostOutcome<T>): void => {
    left.delete(outcome.host);
    order.onEnd(outcome);
  };
  try {
    for await (const outcome of new Completions(tasks, fanLimits(order), signal)) tell(outcome);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  await Promise.allSettled(running);
  for (const host of left) tell({ host, ok: false, error: toError(signal.reason) });
}

async function onHost<T>({ hosts, opening, onBegin, work }: OnHosts<T>, host: Host, signal: AbortSignal): Promise<T> {
  onBegin?.(host);
  const context = await openTarget(host, { ...opening, signal }, undefined);
  // Others are opened through it: it goes with this process.
  const isBetween = hosts.some(({ target }) => target.startsWith(`${host.target}+`));
  try {
    return await work(context, host, signal);
  } finally {
    if (!isBetween) await context.close();
  }
}
