// AbortSignals in options. The program's own signal decides for the program, at the moment at which it aborts there; what is under way outside
// hears of it by a signal of its own, and its outcome counts no more. No signal is part of a record.

/** Arguments without their signal. */
export interface WithoutSignal {
  readonly args: readonly unknown[];
  readonly signal: AbortSignal | undefined;
  /** Puts another signal into the place of the program's. */
  with(signal: AbortSignal): readonly unknown[];
}

function signalOf(value: unknown): AbortSignal | undefined {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return undefined;
  const signal: unknown = Reflect.get(value, 'signal');
  return signal instanceof AbortSignal ? signal : undefined;
}

/** Takes the signal out of the options among some arguments. */
export function withoutSignal(args: readonly unknown[]): WithoutSignal {
  const at = args.findLastIndex((arg) => signalOf(arg) !== undefined);
  const options = args[at];
  const signal = signalOf(options);
  if (signal === undefined || typeof options !== 'object') return { args, signal: undefined, with: () => args };
  const put = (other: AbortSignal | undefined): readonly unknown[] => args.with(at, { ...options, signal: other });
  return { args: put(undefined), signal, with: put };
}

/** As Node rejects what was aborted. */
export function abortError(signal: AbortSignal): Error {
  return Object.assign(new Error('The operation was aborted', { cause: signal.reason }), { name: 'AbortError', code: 'ABORT_ERR' });
}

/**
 * Starts a call that a signal may cut short, and tells whoever waits once.
 * @param start is given the signal for the outside, and how to end
 */
export function abortable(
  signal: AbortSignal | undefined,
  done: (error: unknown, value?: unknown) => void,
  start: (outside: AbortSignal, end: (error: unknown, value?: unknown) => void) => void,
): void {
  if (signal === undefined) return start(new AbortController().signal, done);
  if (signal.aborted) {
    process.nextTick(done, abortError(signal));
    return undefined;
  }
  const controller = new AbortController();
  let isOver = false;
  const end = (error: unknown, value?: unknown): void => {
    if (isOver) return;
    isOver = true;
    signal.removeEventListener('abort', onAbort);
    if (error === null) done(null, value);
    else done(error);
  };
  const onAbort = (): void => {
    controller.abort(signal.reason);
    process.nextTick(end, abortError(signal));
  };
  signal.addEventListener('abort', onAbort, { once: true });
  return start(controller.signal, end);
}
