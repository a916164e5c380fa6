/** What programs take of this package, by entry: a name that is looked for in one of them may stand in another. */
export const OWN_NAMES: Readonly<Record<string, readonly string[]>> = {
  resprout: [
    'attach',
    'connect',
    'contextInfo',
    'each',
    'fnRef',
    'isCommandError',
    'isResproutError',
    'openEach',
    'ResproutError',
    'Secret',
    'setContextLog',
    'targets',
  ],
  'resprout/durable': ['activity', 'atMostOnce', 'idempotencyKey', 'inline', 'sessionInfo', 'sleep'],
  'resprout/supervisor': ['group', 'program', 'Replicas', 'runUntilSignal', 'supervise', 'Supervisor', 'tree', 'unit'],
};

/** The entry of this package that exports a name which `specifier`, another one, does not. */
export function otherOwnEntry(specifier: string, name: string): string | undefined {
  if (!Object.hasOwn(OWN_NAMES, specifier)) return undefined;
  return Object.keys(OWN_NAMES).find((entry) => OWN_NAMES[entry]?.includes(name) === true);
}
