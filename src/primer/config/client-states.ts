// Setting `states`: the module with the states of the repository, what it needs, and which states of the kernel it changes.
import path from 'node:path';
import { lstat } from '../files.ts';
import type { Reader } from './reader.ts';

/** Names of states: in command lines, in the graph, as keys. `_` begins the names of states that were wrapped. */
export const STATE_NAME: RegExp = /^[a-z][A-Za-z0-9-]*$/;

/** Where the states of a repository are when the configuration does not say. */
const USUAL = ['prime.states.ts', 'prime.states.mts', 'prime.states.mjs', 'prime.states.js', 'prime.states.cjs'];

export interface ClientStates {
  /** Relative to the root. */
  readonly module: string;
  /** The state of the kernel that is reached before the module is loaded. */
  readonly needs: 'node' | 'packages' | 'built';
  /** States of the kernel that the module replaces or wraps: it is loaded whenever one of them is needed. */
  readonly overrides: readonly string[];
}

const NEEDS = ['node', 'packages', 'built'] as const;

/** Reads the setting; without it the module is looked for at the usual names. */
export function readClientStates(reader: Reader, root: string, value: unknown): ClientStates | undefined {
  if (value === undefined) {
    const module = USUAL.find((name) => lstat(path.join(root, name)) !== undefined);
    return module === undefined ? undefined : { module, needs: 'packages', overrides: [] };
  }
  if (typeof value === 'string') return { module: reader.inside(value, ['states']), needs: 'packages', overrides: [] };
  const record = reader.object(value, ['states'], ['module'], ['needs', 'overrides']);
  const needs = record['needs'] === undefined ? 'packages' : NEEDS.find((name) => name === record['needs']);
  return {
    module: reader.inside(record['module'], ['states', 'module']),
    needs: needs ?? reader.fail(['states', 'needs'], 'is no state that can be reached before', `Write one of ${NEEDS.join(', ')}`),
    overrides: reader.list(record['overrides'] ?? [], ['states', 'overrides'], (one) =>
      reader.text(one, ['states', 'overrides'], STATE_NAME),
    ),
  };
}
