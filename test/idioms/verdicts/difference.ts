// What is different between two runs, in one line.
import type { FolderPicture } from './folder-picture.ts';
import type { Picture } from './picture.ts';

const SHOWN = 70;
const BEFORE = 15;

/** Both texts around the place where they part. */
export function textDifference(what: string, expected: string, seen: string): string | undefined {
  if (expected === seen) return undefined;
  let at = 0;
  while (at < expected.length && expected[at] === seen[at]) at++;
  const from = Math.max(0, at - BEFORE);
  const shown = (text: string): string => {
    const piece = text.slice(from, from + SHOWN);
    return JSON.stringify(`${from > 0 ? '…' : ''}${piece}${text.length > from + SHOWN ? '…' : ''}`);
  };
  return `${what}: plain ${shown(expected)}, seen ${shown(seen)}`;
}

const EXIT_CALLED = 'PROGRAM_FAILED';

/**
 * How the program ended: value, error, exit code. An exit code that the program set itself is a failure to a session, which has no value
 * then, and none to Node: there the code alone counts.
 */
export function outcomeDifference(expected: Picture, seen: Picture): string | undefined {
  const isOwnExit = expected.failure === undefined && expected.exitCode !== 0 && seen.failure?.codes[0] === EXIT_CALLED;
  const failureOf = ({ failure }: Picture): string =>
    failure === undefined ? 'no error' : `${failure.text} ${failure.codes[0] ?? ''}`.trim();
  const exitOf = ({ exitCode, signal }: Picture): string => signal ?? String(exitCode);
  return (
    (isOwnExit ? undefined : textDifference('error', failureOf(expected), failureOf(seen))) ??
    (isOwnExit ? undefined : textDifference('value', expected.value ?? 'undefined', seen.value ?? 'undefined')) ??
    textDifference('exit', exitOf(expected), exitOf(seen))
  );
}

export function filesDifference(expected: FolderPicture, seen: FolderPicture): string | undefined {
  for (const [name, file] of expected) {
    const other = seen.get(name);
    if (other === undefined) return `files: ${name} is not there`;
    if (other.is === file.is) continue;
    return (
      textDifference(`files: ${name}`, file.text ?? file.is, other.text ?? other.is) ??
      `files: ${name} is ${other.is} instead of ${file.is}`
    );
  }
  for (const name of seen.keys()) if (!expected.has(name)) return `files: ${name} should not be there`;
  return undefined;
}

/** The first difference of two whole runs. */
export function difference(expected: Picture, seen: Picture): string | undefined {
  return (
    outcomeDifference(expected, seen) ??
    textDifference('stdout', expected.stdout, seen.stdout) ??
    textDifference('stderr', expected.stderr, seen.stderr) ??
    filesDifference(expected.files, seen.files)
  );
}
