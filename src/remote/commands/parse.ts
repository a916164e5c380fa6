// What the far side says of a command, looked at before it is used.
import { ResproutError } from '../../base/errors/errors.ts';
import type { CommandEnd, CommandEnding, CommandLinesEnd, CommandOutcome } from '../child/commands/order.ts';

const ENDINGS: readonly CommandEnding[] = ['exited', 'timeout', 'output', 'stopped', 'unstarted'];

function wrong(what: string): ResproutError {
  return new ResproutError('REMOTE_PROTOCOL', `the far side told of a command in a way that is not understood: ${what}`, { saw: what });
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong('its end is no object');
  return value as Fields;
}

function endOf({ durationMs, ending, exitCode, problem, signal }: Fields): CommandEnd {
  const known = ENDINGS.find((one) => one === ending);
  if (known === undefined) throw wrong('its ending');
  if (exitCode !== null && !Number.isSafeInteger(exitCode)) throw wrong('its exit code');
  if (signal !== null && (typeof signal !== 'string' || !/^SIG[A-Z0-9]{1,12}$/.test(signal))) throw wrong('its signal');
  if (problem !== undefined && typeof problem !== 'string') throw wrong('its problem');
  if (typeof durationMs !== 'number' || !(durationMs >= 0)) throw wrong('how long it took');
  return { ending: known, exitCode: exitCode as number | null, signal, problem, durationMs };
}

/** @throws ResproutError REMOTE_PROTOCOL */
export function parseOutcome(value: unknown, isBinary: boolean): CommandOutcome {
  const fields = fieldsOf(value);
  const output = (one: unknown): string | Uint8Array => {
    if (isBinary ? one instanceof Uint8Array : typeof one === 'string') return one as string | Uint8Array;
    throw wrong('its output');
  };
  return { ...endOf(fields), stdout: output(fields['stdout']), stderr: output(fields['stderr']) };
}

/** @throws ResproutError REMOTE_PROTOCOL */
export function parseLinesEnd(value: unknown): CommandLinesEnd {
  const fields = fieldsOf(value);
  const { stderr } = fields;
  if (typeof stderr !== 'string') throw wrong('its output');
  return { ...endOf(fields), stderr };
}

/** @throws ResproutError REMOTE_PROTOCOL */
export function parseLines(value: unknown): readonly string[] {
  if (!Array.isArray(value) || !value.every((line) => typeof line === 'string')) throw wrong('its lines');
  return value;
}
