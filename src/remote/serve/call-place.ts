import type { Disk } from '../../base/seams/disk.ts';
import { originalFrame, type CallFrame } from '../../platform/engine/call-sites.ts';
import type { CallPlace, WrappedConst } from '../calls/refusals.ts';
import type { ProgramBuild } from './program-build.ts';
import { offsetOf } from './same-text.ts';
import { fileOfScript } from './scripts.ts';

/** The frame of the user's code that called `call()`: the first that is not of this package. */
export function callPlace(frames: readonly CallFrame[], isOwnFile: (file: string) => boolean): CallPlace {
  for (const frame of frames) {
    const running = fileOfScript(frame.scriptName);
    if (running === undefined || isOwnFile(running)) continue;
    const { scriptName, line, column } = originalFrame(frame);
    return { file: fileOfScript(scriptName) ?? running, line, column };
  }
  return undefined;
}

/** V8's place of a call is the name that is called. Only a plain name or path as first argument counts. */
const FIRST_ARGUMENT = /^[\w$]+\s*(?:<[^()]*>)?\(\s*([\w$]+(?:\.[\w$]+)*)\s*[,)]/;

/** The const that was given to `call()` there, when a call made it: `const memo = memoize(slow)`. */
export function wrappedArgument(place: CallPlace, disk: Disk, program: ProgramBuild): WrappedConst | undefined {
  const real = place === undefined ? undefined : disk.realPath(place.file);
  const build = program.whole();
  if (place === undefined || real === undefined || build?.has(real) !== true) return undefined;
  const text = program.source(real) ?? '';
  const offset = offsetOf(text, place.line, place.column);
  const name =
    offset === undefined
      ? undefined
      : FIRST_ARGUMENT.exec(text.slice(offset, offset + 300))?.[1]
          ?.split('.')
          .at(-1);
  if (name === undefined) return undefined;
  for (const file of [real, ...build.files()]) {
    const { table } = build.artefacts(file);
    const made = Object.hasOwn(table.wrapped, name) ? table.wrapped[name] : undefined;
    if (made !== undefined && (file === real || table.exports.includes(name))) return { name, made, file: table.path };
  }
  return undefined;
}
