// `context.$`: words of a template to a far process and its end back as a result or an error.
import { recorder, registerOwn } from '../../base/recorder.ts';
import { isSecret } from '../../base/secret.ts';
import type { OwnCall, OwnCaller } from '../calls/own-calls.ts';
import type { CommandEnd, CommandOrder } from '../child/commands/order.ts';
import type { ChannelReader } from '../child/core/channels/channel-reading.ts';
import { startCommand, type Command, type LineBatches } from './command.ts';
import { checkCommandOptions, mergeOptions, orderOptions, type CommandOptions, type OutputOf } from './options.ts';
import { parseLines, parseLinesEnd, parseOutcome } from './parse.ts';
import { codeOfEnd, commandError, howItFailed, type CommandNames, type CommandResult } from './result.ts';
import { cut, plainWord, shellWord, shownCommand, splitWords, textOf, type CommandValue, type Word } from './words.ts';

/** Runs commands in a context. */
export interface Shell<Out = string> {
  /** Runs a program: words are split at spaces outside of `${…}`, a value is one argument whatever it holds, an array several. */
  (strings: TemplateStringsArray, ...values: readonly CommandValue[]): Command<Out>;
  /** The same with options; called again, later options go over earlier ones. */
  <Options extends CommandOptions>(options: Options): Shell<OutputOf<Options, Out>>;
}

/** Over the limits of the far side itself, which ends the command: when that does not answer. */
const MARGIN_MS = 10_000;

const isTemplate = (value: object): value is TemplateStringsArray => Array.isArray(value) && 'raw' in value;

/** Makes `$` of a context. */
export function createShell(caller: OwnCaller, options: CommandOptions = {}): Shell {
  const $ = (first: TemplateStringsArray | CommandOptions, ...values: readonly unknown[]): unknown => {
    if (!isTemplate(first)) return createShell(caller, mergeOptions(options, checkCommandOptions(first)));
    return startCommand(prepare(caller, options, wordsOf(first, values, options)));
  };
  registerOwn($);
  return $ as Shell;
}

const isStream = (input: CommandOrder['input']): boolean => typeof input === 'object' && Symbol.asyncIterator in input;

interface Words {
  readonly words: readonly Word[];
  readonly shown: string;
}

function wordsOf(strings: TemplateStringsArray, values: readonly unknown[], { shell = false }: CommandOptions): Words {
  if (shell === false) {
    const words = splitWords(strings, values);
    return { words, shown: shownCommand(words) };
  }
  const text = shellWord(strings, values);
  return { words: [plainWord(shell === true ? '/bin/sh' : shell), plainWord('-c'), text], shown: cut(text.shown.trim()) };
}

type Output = string | Uint8Array | readonly string[];

/** What is taken in the turn of the call; started by the command. */
function prepare(caller: OwnCaller, options: CommandOptions, { shown, words }: Words): Parameters<typeof startCommand<Output>>[0] {
  const order: CommandOrder = { argv: words.map(textOf), ...orderOptions(options) };
  const { killGraceMs, maxBufferBytes, timeoutMs } = order;
  const given = [options.input, ...Object.values(options.env ?? {})].flatMap((value) => (isSecret(value) ? value.reveal() : []));
  const secrets = [...given, ...words.flatMap((word) => word.secrets)];
  const names: CommandNames = { context: caller.name, command: shown, secrets, limits: { timeoutMs, maxBufferBytes } };
  const call: Omit<OwnCall, 'fn'> = {
    module: 'commands',
    label: `$ ${shown}`,
    args: [order],
    signal: options.signal,
    place: new Error(),
    site: recorder()?.site(),
    // What comes in pieces has been read in part: a second command would get the rest alone.
    isOnce: isStream(order.input),
  };
  const finish = (value: unknown): CommandResult<Output> => {
    const outcome = parseOutcome(value, order.isBinary);
    return ended(outcome, outcome.stdout, outcome.stderr, options, names);
  };
  const finishSteps = (reader: ChannelReader): ChannelReader => {
    let isLeft = false;
    return {
      next: async () => {
        const step = await reader.next();
        if (step.done !== true) return { done: false, value: parseLines(step.value) };
        if (isLeft) return { done: true, value: undefined };
        const end = parseLinesEnd(step.value);
        return { done: true, value: ended(end, '', end.stderr, options, names) };
      },
      return: (value) => {
        isLeft = true;
        return reader.return(value);
      },
    };
  };
  return {
    shown,
    result: () => {
      const limitMs = timeoutMs === undefined ? undefined : timeoutMs + killGraceMs + MARGIN_MS;
      return caller.callOwn({ ...call, fn: 'run', finish, timeoutMs: limitMs }) as Promise<CommandResult<Output>>;
    },
    lines: async () => (await caller.callOwn({ ...call, fn: 'lines', finishSteps })) as LineBatches<Output>,
  };
}

/** @throws ResproutError COMMAND_FAILED, COMMAND_NOT_STARTED, COMMAND_OUTPUT_LIMIT, COMMAND_STOPPED, COMMAND_TIMEOUT */
function ended(
  end: CommandEnd,
  stdout: string | Uint8Array,
  stderr: string | Uint8Array,
  options: CommandOptions,
  names: CommandNames,
): CommandResult<Output> {
  const code = codeOfEnd(end);
  const why = code === undefined ? undefined : howItFailed(end, code, names);
  const result: CommandResult<Output> = {
    command: names.command,
    stdout: outputOf(stdout, options),
    stderr: outputOf(stderr, options),
    exitCode: end.exitCode,
    signal: end.signal,
    code,
    why,
    durationMs: end.durationMs,
  };
  if (code === undefined || why === undefined || options.reject === false) return result;
  const texts = [stderr, stdout].map((output) => (typeof output === 'string' ? output : Buffer.from(output).toString()));
  throw commandError(code, why, names, texts, result);
}

function outputOf(output: string | Uint8Array, { lines = false, stripFinalNewline = true }: CommandOptions): Output {
  if (typeof output !== 'string') return output;
  const text = stripFinalNewline || lines ? output.replace(/\r?\n$/, '') : output;
  return lines ? (text === '' ? [] : text.split(/\r?\n/)) : text;
}
