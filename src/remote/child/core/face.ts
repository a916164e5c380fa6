// The far face of this package: every name of the near one, so that files which import it load. What works here is in the table of the
// thread; markers give their function back; everything else throws when it is used.
import { ResproutError } from '../../../base/errors/errors.ts';

/** Entries of the package (`.` or `./durable`) to their export names. Filled in by the build. */
export type FaceNames = Readonly<Record<string, readonly string[]>>;

const SAME = (fn: unknown): unknown => fn;
const MARKERS: Readonly<Record<string, unknown>> = { activity: SAME, inline: SAME, atMostOnce: SAME };

/** Finds a member of the face by its name. */
export function faceMember(name: string, working: Readonly<Record<string, unknown>>): unknown {
  if (Object.hasOwn(working, name)) return working[name];
  if (Object.hasOwn(MARKERS, name)) return MARKERS[name];
  // A function expression: it can be called and constructed, and both throw.
  return function notHere(): never {
    throw new ResproutError('REMOTE_NOT_HERE', `${name} of this package works on the controller only`, {
      tried: `use ${name} in a function that runs on the far side`,
      do: 'Call it in the program, and pass what the far function needs as arguments',
    });
  };
}

/** Text of the module that stands for an entry; undefined when the package has no such entry. */
export function faceText(entry: string, names: FaceNames): string | undefined {
  const exported = Object.hasOwn(names, entry) ? names[entry] : undefined;
  if (exported === undefined) return undefined;
  const members = exported.map((name, index) => `const m${index}=f(${JSON.stringify(name)});export{m${index} as ${name}};`);
  return `const f=globalThis[Symbol.for('resprout.face')];${members.join('')}`;
}
