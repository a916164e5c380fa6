/** Folder of this package's own code, as stacks name it. */
const OWN = new URL('../../', import.meta.url).href;
const OWN_PATH = decodeURIComponent(new URL('../../', import.meta.url).pathname);

/** Frames of the program that declared a unit, one a line: what is shown as the owner's stack of its failures. */
export function declaredAt({ stack = '' }: Error): string {
  const frames = stack.split('\n').filter((line) => line.startsWith('    at '));
  return frames.filter((line) => !line.includes(OWN) && !line.includes(OWN_PATH)).join('\n');
}
