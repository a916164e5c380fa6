// A call that was in flight at a kill is made again: a line stands twice in a file, and perhaps in what the program returned.
import type { FolderPicture } from './folder-picture.ts';

/** Lines of `seen` that are not in `expected`, when `seen` is `expected` with some of its own lines once more; undefined when it is something else. */
function linesOnceMore(expected: string, seen: string): number | undefined {
  const lines = (text: string): string[] => text.split(/(?<=\n)/);
  const wanted = lines(expected);
  const own = new Set(wanted);
  let extra = 0;
  let at = 0;
  for (const line of lines(seen)) {
    if (line === wanted[at]) at++;
    else if (own.has(line)) extra++;
    else return undefined;
  }
  return at === wanted.length ? extra : undefined;
}

/**
 * How many lines of files stand once more than they should; undefined when files differ otherwise.
 * @param atTheKill what was there before the resume: a line that was made again was there
 */
export function linesRepeated(expected: FolderPicture, seen: FolderPicture, atTheKill: FolderPicture): number | undefined {
  if (expected.size !== seen.size) return undefined;
  let extra = 0;
  for (const [name, file] of expected) {
    const other = seen.get(name);
    if (other === undefined) return undefined;
    if (other.is === file.is) continue;
    const before = atTheKill.get(name)?.text;
    if (file.text === undefined || other.text === undefined || before === undefined) return undefined;
    if (!other.text.startsWith(before)) return undefined;
    const more = linesOnceMore(file.text, other.text);
    if (more === undefined) return undefined;
    extra += more;
  }
  return extra;
}

/** Whether a returned text is the expected one with up to `most` pieces, each of which stood there before, once more in their place. */
export function isTextRepeated(expected: string, seen: string, most: number): boolean {
  // Texts inside a value have their line ends as `\n`, two characters.
  const more = linesOnceMore(expected.replaceAll('\\n', '\n'), seen.replaceAll('\\n', '\n'));
  if (more !== undefined) return more <= most;
  // The repeated line may be the first or last of its text, with quotes beside it.
  const soft = (text: string): string => text.replaceAll('\\n', '\n').replace(/["[\], {}:]+/g, '\n');
  const softly = linesOnceMore(soft(expected), soft(seen));
  return softly !== undefined && softly <= most;
}
