// The environment file of a clone, made from the committed example: what is missing is added, what is there is never changed.
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { defineState, type State } from '../primer-api/state.ts';
import type { StateContext } from '../primer-api/state-context.ts';
import { envLine, parseEnvText, type Assignment } from './env-text.ts';

type Value = string | ((context: StateContext) => string | Promise<string>);

/** What the file is made from. */
export interface EnvFileOptions<Name extends string> {
  /** Name of the state. Default: `envFile`. */
  readonly name?: Name;
  /** The file, relative to the root. Default: `.env`. It is not committed. */
  readonly file?: string;
  /** The committed example, relative to the root. Default: `.env.example`. */
  readonly example?: string;
  /** Values for names that the example leaves open or does not have; a function is called when the name is missing. */
  readonly values?: Readonly<Record<string, Value>>;
  /** Names that must not be empty. Default: none. */
  readonly required?: readonly string[];
}

const read = (file: string): string | undefined => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);

const asRecord = (assignments: readonly Assignment[]): Record<string, string> =>
  assignments.reduce<Record<string, string>>((all, { name, value }) => ({ ...all, [name]: value }), {});

/** A state that makes the environment file and reads it. Its value is what the file says, by name. */
export function envFile<const Name extends string = 'envFile'>({
  name = 'envFile' as Name,
  file = '.env',
  example = '.env.example',
  values = {},
  required = [],
}: EnvFileOptions<Name> = {}): State<NoInfer<Name>, [], [], Readonly<Record<string, string>>> {
  const stateOf = (context: StateContext) => {
    const own = parseEnvText(read(path.join(context.root, file)) ?? '');
    const offered = parseEnvText(read(path.join(context.root, example)) ?? '').assignments;
    const has = (wanted: string): boolean => own.assignments.some((one) => one.name === wanted);
    const names = [...offered.map((one) => one.name), ...Object.keys(values)];
    const there = asRecord(own.assignments);
    return {
      own,
      offered: asRecord(offered),
      there,
      missing: [...new Set(names)].filter((one) => !has(one)),
      empty: required.filter((one) => (there[one] ?? '') === ''),
    };
  };
  const check = (context: StateContext): Readonly<Record<string, string>> => {
    const { own, there, empty } = stateOf(context);
    const at = path.join(context.root, file);
    if (own.odd !== undefined)
      context.fail(`${file} has a line that is no assignment`, { saw: `${at}:${own.odd}`, do: 'Write NAME=value' });
    const [first] = empty;
    if (first !== undefined) {
      const line = own.assignments.find((one) => one.name === first)?.line ?? own.assignments.length + 1;
      context.fail(`${empty.join(', ')} in ${file} ${empty.length === 1 ? 'has' : 'have'} no value`, {
        saw: `${at}:${line}`,
        do: 'Write the value there; the file is not committed',
      });
    }
    return there;
  };
  return defineState(name, {
    does: `${file}, with every name of ${example}`,
    look(context) {
      const { own, missing, empty, there } = stateOf(context);
      if (missing.length > 0) return { fresh: false, why: `${file} lacks ${missing.join(', ')}` };
      if (empty.length > 0) return { fresh: false, why: `${empty.join(', ')} in ${file} is empty` };
      if (own.odd !== undefined) return { fresh: false, why: `line ${own.odd} of ${file} is no assignment` };
      return { fresh: true, why: `${file} has every name`, value: there };
    },
    async reach(context) {
      const target = path.join(context.root, file);
      const { missing, offered } = stateOf(context);
      if (missing.length > 0) {
        const lines: string[] = [];
        for (const one of missing) {
          const given = values[one];
          const offer = offered[one] ?? '';
          const value = given === undefined ? offer : typeof given === 'string' ? given : await given(context);
          lines.push(envLine(one, value));
        }
        const before = read(target) ?? '';
        const text = `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}${lines.join('\n')}\n`;
        const temporary = `${target}.${process.pid}.tmp`;
        // It will hold secrets: nobody else reads it.
        writeFileSync(temporary, text, { mode: 0o600 });
        chmodSync(temporary, 0o600);
        renameSync(temporary, target);
        context.say(`${before === '' ? 'wrote' : 'added to'} ${file}: ${missing.join(', ')}`);
      }
      return check(context);
    },
  });
}
