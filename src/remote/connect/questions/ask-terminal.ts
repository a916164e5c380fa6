import { closeSync, openSync, writeSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { ReadStream } from 'node:tty';
import type { Question } from './ask.ts';
import { LineEditor } from './line-editor.ts';
import { visible } from '../tool/visible.ts';

/** Questions wait for each other: there is one terminal. */
let last: Promise<unknown> = Promise.resolve();

/** The terminal of this process, whatever its stdin is. */
interface OwnTerminal {
  readonly keys: ReadStream;
  /** Blocks until it is shown. */
  readonly show: (text: string) => void;
  /** Puts the terminal back as it was. */
  readonly close: () => void;
}

/** Undefined when this process has no terminal. */
function openTerminal(): OwnTerminal | undefined {
  const fds: number[] = [];
  try {
    fds.push(openSync('/dev/tty', 'r'));
    fds.push(openSync('/dev/tty', 'w'));
    const [input = -1, output = -1] = fds;
    const keys = new ReadStream(input);
    const close = (): void => {
      keys.setRawMode(false);
      keys.destroy();
      closeSync(output);
    };
    return { keys, show: (text) => void writeSync(output, text), close };
  } catch {
    // No controlling terminal: nobody can be asked.
    for (const fd of fds) closeSync(fd);
    return undefined;
  }
}

/** The question line by line, made safe: it may be a text of a stranger. Raw mode still makes a line end of `\n`. */
function shown(text: string): string {
  const lines = text.split('\n').map((line) => visible(line, 1000));
  return `\r${lines.join('\n')}${/\s$/.test(text) ? '' : ' '}`;
}

function readAnswer(terminal: OwnTerminal, question: Question, signal: AbortSignal): Promise<string | undefined> {
  const { keys, show, close } = terminal;
  const decoder = new StringDecoder('utf8');
  const editor = new LineEditor(question.isSecret, show);
  return new Promise((resolve) => {
    let isOver = false;
    const finish = (answer: string | undefined): void => {
      if (isOver) return;
      isOver = true;
      signal.removeEventListener('abort', giveUp);
      process.off('exit', close);
      show('\n');
      close();
      resolve(answer);
    };
    const giveUp = (): void => finish(undefined);
    keys.on('error', giveUp);
    keys.on('end', giveUp);
    keys.on('data', (bytes: Buffer) => {
      const end = editor.type(decoder.write(bytes));
      if (end === undefined) return;
      finish(end.kind === 'line' ? end.text : undefined);
      // In raw mode ^C is a byte: what it would have done is done now, with the terminal as it was.
      if (end.kind === 'interrupt') process.kill(process.pid, 'SIGINT');
    });
    signal.addEventListener('abort', giveUp, { once: true });
    process.once('exit', close);
    keys.setRawMode(true);
    show(shown(question.text));
  });
}

/**
 * Asks the person at the terminal of this process (`/dev/tty`, whatever stdin is); what is secret is not shown while it is typed.
 * Undefined when there is no terminal, on ^D, and on ^C, which then also reaches the process as SIGINT. The terminal is always restored.
 */
export async function askOnTerminal(question: Question, signal: AbortSignal): Promise<string | undefined> {
  const before = last;
  const turn = (async () => {
    await before;
    if (signal.aborted) return undefined;
    const terminal = openTerminal();
    return terminal === undefined ? undefined : await readAnswer(terminal, question, signal);
  })();
  last = turn.catch(() => {});
  return await turn;
}
