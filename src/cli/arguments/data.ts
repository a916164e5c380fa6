import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ResproutError, toError } from '../../base/errors/errors.ts';
import { errnoOf } from '../../platform/errno.ts';
import type { Terminal } from '../terminal.ts';

const NOTHING_RAN = 'Nothing ran';

/** The value of `--data`: JSON text, `@FILE`, or `-` for standard input. undefined when it was not given. @throws DATA_INVALID */
export async function readData(given: string | undefined, terminal: Pick<Terminal, 'stdin' | 'cwd'>): Promise<unknown> {
  if (given === undefined) return undefined;
  if (given === '-') return parseJson(await textOfStdin(terminal.stdin), 'standard input');
  if (!given.startsWith('@')) return parseJson(given, '--data');
  const file = path.resolve(terminal.cwd, given.slice(1));
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const isMissing = errnoOf(error) === 'ENOENT';
    throw new ResproutError(
      'DATA_INVALID',
      isMissing ? `There is no data file ${file}` : `Cannot read the data file ${file}`,
      {
        tried: `read --data ${given}`,
        saw: isMissing ? 'no such file' : toError(error).message,
        kept: NOTHING_RAN,
        do: 'Check the path after @',
      },
      { cause: error },
    );
  }
  return parseJson(text, file);
}

/** One JSON value. @param where is named in the error. @param cure what to do, when it is not about --data. @throws DATA_INVALID */
export function parseJson(text: string, where: string, cure?: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const saw = text.trim() === '' ? 'nothing' : text.trim().length > 80 ? `${text.trim().slice(0, 77)}...` : text.trim();
    const why = toError(error).message;
    throw new ResproutError('DATA_INVALID', `Cannot read ${where} as JSON: ${why}`, { saw, kept: NOTHING_RAN, do: cure }, { cause: error });
  }
}

async function textOfStdin(stdin: NodeJS.ReadStream): Promise<string> {
  const pieces: Buffer[] = [];
  try {
    for await (const piece of stdin) pieces.push(Buffer.from(piece as Uint8Array));
  } catch (error) {
    const saw = toError(error).message;
    throw new ResproutError(
      'DATA_INVALID',
      'Cannot read standard input',
      { tried: 'read --data -', saw, kept: NOTHING_RAN, do: 'Give a file or a pipe as standard input' },
      { cause: error },
    );
  }
  return Buffer.concat(pieces).toString('utf8');
}
