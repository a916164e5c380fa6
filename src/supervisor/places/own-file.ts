/** A file beside this one, as it lies in the sources or in what was built. */
export function ownFile(name: string): URL {
  return new URL(`./${name}.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url);
}
