import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ResproutError, toError } from '../base/errors.ts';
import type { Terminal } from './terminal.ts';

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
    throw new ResproutError(
      'DATA_INVALID',
      `Cannot read the data file ${file}: ${toError(error).message}`,
      { do: 'Check the path after @' },
      { cause: error },
    );
  }
  return parseJson(text, file);
}

/** One JSON value. @param where is named in the error. @throws DATA_INVALID */
export function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const start = text.length > 80 ? `${text.slice(0, 77)}...` : text;
    throw new ResproutError('DATA_INVALID', `Cannot read ${where} as JSON: ${toError(error).message}`, { saw: start }, { cause: error });
  }
}

async function textOfStdin(stdin: NodeJS.ReadStream): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of stdin) pieces.push(Buffer.from(piece as Uint8Array));
  return Buffer.concat(pieces).toString('utf8');
}
