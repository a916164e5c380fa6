import { ResproutError } from '../../base/errors/errors.ts';
import type { JsonValue } from '../../index.ts';
import { parseJson } from '../arguments/data.ts';
import type { Host } from './choose-targets.ts';

const VARS = /^vars((?:\.[\w-]+)*)$/;

/**
 * Reads arguments: JSON, `vars` for all variables of the host, or `vars.NAME` for one of them, also inside (`vars.disk.path`). No text of
 * JSON begins like that.
 * @returns the arguments for a host @throws ResproutError DATA_INVALID, USAGE naming the hosts that have no such variable
 */
export function readArguments(texts: readonly string[], hosts: readonly Host[]): (host: Host) => readonly unknown[] {
  const readers = texts.map((text, at) => {
    const path = VARS.exec(text)?.[1];
    if (path !== undefined) return varReader(path.split('.').slice(1), text, hosts);
    const value = parseJson(text, `argument ${at + 1}`, `Write it as JSON; a text is '"${plainWord(text)}"'`);
    return () => value;
  });
  return (host) => readers.map((read) => read(host));
}

function varReader(path: readonly string[], text: string, hosts: readonly Host[]): (host: Host) => unknown {
  const read = ({ vars }: Host): unknown => path.reduce<unknown>(memberOf, vars);
  const without = hosts.filter((host) => read(host) === undefined).map(({ label }) => label);
  if (without.length === 0) return read;
  throw new ResproutError(
    'USAGE',
    `${text} is not there for ${without.slice(0, 20).join(', ')}${without.length > 20 ? ' and others' : ''}`,
    {
      saw: `no ${text} in resprout.config.json for ${without.length} of ${hosts.length} targets`,
      kept: 'Nothing ran',
      do: 'Write it into "vars" of the target or of a group that it is in',
    },
  );
}

function memberOf(value: unknown, name: string): JsonValue | undefined {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (Reflect.get(value, name) as JsonValue) : undefined;
}

/** An argument that is a word, as a suggestion to copy; anything else is not repeated. */
function plainWord(arg: string): string {
  return /^[\w.-]{1,40}$/.test(arg) ? arg : 'text';
}
