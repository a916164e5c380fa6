// The files that say settings, each winning over those before it: beside the kernel, in the folder that is served, in the environment.
// A setting wins as a whole; only `values` win by name. A kernel serves its own folder, or one below it with a configuration of its own.
import path from 'node:path';
import { readText } from '../files.ts';
import { readEnvironments, selectEnvironment, type Environments, type Selection } from './environments.ts';
import { Reader } from './reader.ts';
import { SETTINGS } from './settings.ts';

/** Name of the configuration file, in every leap. */
export const CONFIG_NAME = 'prime.config.json';

/** A file with settings. */
export interface Leap {
  readonly name: 'primer' | 'client' | 'environment';
  readonly file: string;
  /** Undefined when there is no such file. */
  readonly text: string | undefined;
  readonly said: Readonly<Record<string, unknown>>;
  readonly reader: Reader;
}

/** Settings of the kernel's folder that count for the folders below it that it serves. */
const SHARED = ['registry', 'node', 'npm', 'update'];
/** What only the folder of the kernel can say: the launcher reads it there. */
const OF_PRIMER = ['registry', 'update'];
/** What an environment cannot say: it is selected by it, or read before it. */
const NOT_OF_ENVIRONMENT = [...OF_PRIMER, 'environments'];

/** All of them, in order. */
export interface Leaps {
  readonly leaps: readonly Leap[];
  readonly environments: Environments | undefined;
  readonly selection: Selection;
  /** The last leap that says a setting, what it says, and its folder; its value is undefined when none does. */
  of(key: string): { readonly reader: Reader; readonly value: unknown; readonly folder: string };
}

function readLeap(name: Leap['name'], folder: string, keys: readonly string[]): Leap {
  const file = path.join(folder, CONFIG_NAME);
  const text = readText(file);
  const reader = new Reader(file, text ?? '{}');
  const { $schema: _, ...said } = reader.object(reader.parse(), [], [], [...keys, '$schema']);
  return { name, file, text, said, reader };
}

/** Reads them. @param served the folder below that of the kernel; '' for its own @throws PrimeError PRIME_CONFIG_INVALID, PRIME_USAGE */
export function readLeaps(kernelFolder: string, served: string, env: string | undefined): Leaps {
  const root = path.join(kernelFolder, served);
  const keys = Object.keys(SETTINGS);
  const primer = readLeap('primer', kernelFolder, keys);
  const client =
    served === ''
      ? { ...primer, name: 'client' as const }
      : readLeap(
          'client',
          root,
          keys.filter((key) => !OF_PRIMER.includes(key)),
        );
  const environments = readEnvironments(client.reader, client.said['environments']);
  const selection = selectEnvironment(root, environments, env);
  const folder = selection.selected?.folder;
  const own =
    folder === undefined
      ? []
      : [
          readLeap(
            'environment',
            path.join(root, folder),
            keys.filter((key) => !NOT_OF_ENVIRONMENT.includes(key)),
          ),
        ];
  const leaps = [primer, client, ...own];
  const says = ({ name, said }: Leap, key: string): boolean => said[key] !== undefined && (name !== 'primer' || SHARED.includes(key));
  return {
    leaps,
    environments,
    selection,
    of(key) {
      const leap = [...leaps].reverse().find((one) => says(one, key)) ?? client;
      return { reader: leap.reader, value: leap.said[key], folder: path.dirname(leap.file) };
    },
  };
}
