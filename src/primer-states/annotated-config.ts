// The configuration as it counts, for people: each setting with what it does and where it was said; what nobody said is commented out.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { defineState, type State } from '../primer-api/state.ts';
import type { Setting, StateContext } from '../primer-api/state-context.ts';

/** Where it is written. */
export interface AnnotatedConfigOptions<Name extends string> {
  /** Name of the state. Default: `annotatedConfig`. */
  readonly name?: Name;
  /** The file, relative to the root. Default: `.prime/config.annotated.jsonc`, which is not committed. */
  readonly file?: string;
}

const comment = (text: string): string => `  // ${text.replace(/\n/g, '\n  // ')}`;

/** The text: JSON with comments, which is a configuration again when they are taken away. */
export function annotate(settings: readonly Setting[], root: string): string {
  const said = settings.filter(({ from }) => from !== undefined);
  const last = said[said.length - 1];
  const blocks = settings.map((setting) => {
    const { name, value, from, does } = setting;
    const source = from === undefined ? 'default' : path.relative(root, from);
    const text = value === undefined ? undefined : `"${name}": ${JSON.stringify(value, null, 2).replace(/\n/g, '\n  ')}`;
    const head = `${comment(`${does} (${text === undefined ? 'not set' : source})`)}\n`;
    if (text === undefined) return `${head}  // "${name}": …\n`;
    return from === undefined ? `${head}${comment(text.replace(/\n {2}/g, '\n'))}\n` : `${head}  ${text}${setting === last ? '' : ','}\n`;
  });
  return `{\n${blocks.join('\n')}}\n`;
}

/** A state that keeps the annotated configuration up to date. Its value is the absolute path of the file. */
export function annotatedConfig<const Name extends string = 'annotatedConfig'>({
  name = 'annotatedConfig' as Name,
  file = '.prime/config.annotated.jsonc',
}: AnnotatedConfigOptions<Name> = {}): State<NoInfer<Name>, [], [], string> {
  const textOf = (context: StateContext): string => annotate(context.settings(), context.root);
  return defineState(name, {
    does: `${file}: every setting, with what it does and where it was said`,
    look(context) {
      const target = path.join(context.root, file);
      let there: string | undefined;
      try {
        there = readFileSync(target, 'utf8');
      } catch {
        return { fresh: false, why: `there is no ${file}` };
      }
      return there === textOf(context)
        ? { fresh: true, why: `${file} is up to date`, value: target }
        : { fresh: false, why: 'settings changed' };
    },
    reach(context) {
      const target = path.join(context.root, file);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(`${target}.tmp`, textOf(context));
      renameSync(`${target}.tmp`, target);
      context.say(`wrote ${file}`);
      return target;
    },
  });
}
