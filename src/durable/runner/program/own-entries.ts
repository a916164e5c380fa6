// Public entries of this package, as the running copy has them. In the built runner the bundle gives another text to this file
// (tools/build-bundles.ts): there the entries are chunks of the bundle, and share everything with it.

/** File names of the entries by the name that a program imports. */
const ENTRIES: Readonly<Record<string, string>> = {
  resprout: 'index',
  'resprout/remote': 'remote',
  'resprout/durable': 'durable',
  'resprout/supervisor': 'supervisor',
  'resprout/worker': 'worker',
  'resprout/testing': 'testing',
};

/** The namespace of an entry; undefined when this version has none of that name. */
export async function loadOwnEntry(name: string): Promise<object | undefined> {
  const file = Object.hasOwn(ENTRIES, name) ? ENTRIES[name] : undefined;
  if (file === undefined) return undefined;
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return (await import(new URL(`../../../${file}.${extension}`, import.meta.url).href)) as object;
}
