// Tables of programs are documents: a heading names a program, its first fenced block is the file that is run, further ones are files
// beside it. The words after the fence:
//   ```mjs mayLose repeats=EEXIST volatile=job.db      the language is the extension: program.mjs, unless file=NAME says otherwise
//   ```cjs file=lib.cjs                                a file beside it
// Blocks above the first heading, each with file=NAME, stand beside every program of the document.
// Words: main, script, mayLose, mayRefuse, fails, argv=A,B, stdin=TEXT (`\n` is a line end), volatile=A,B, repeats=A,B, inFlight=N, blur=EXPRESSION.
import { formOf, type Program } from './program.ts';

interface Block {
  readonly words: readonly string[];
  readonly text: string;
}

interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

const FLAGS = new Set(['main', 'script', 'mayLose', 'mayRefuse', 'fails']);
const VALUES = new Set(['file', 'argv', 'stdin', 'volatile', 'repeats', 'inFlight', 'blur']);

function blocksOf(part: string): Block[] {
  return [...part.matchAll(/^```(.+)\n([^]*?)^```$/gm)].map(([, info = '', text = '']) => ({ words: info.trim().split(/\s+/), text }));
}

function sectionOf(part: string): Section {
  const [title = ''] = part.split('\n', 1);
  return { title: title.trim(), blocks: blocksOf(part) };
}

/** Flags and values of a fence, checked: a word that nobody knows would be a mistake that nobody sees. */
class Words {
  readonly language: string;
  readonly #flags = new Set<string>();
  readonly #values = new Map<string, string>();

  constructor([language = '', ...words]: readonly string[], where: string) {
    this.language = language;
    for (const word of words) {
      const at = word.indexOf('=');
      if (at < 0 && FLAGS.has(word)) this.#flags.add(word);
      else if (at > 0 && VALUES.has(word.slice(0, at))) this.#values.set(word.slice(0, at), word.slice(at + 1));
      else throw new Error(`${where}: «${word}» is no word of a table`);
    }
  }

  has(flag: string): boolean {
    return this.#flags.has(flag);
  }

  value(name: string): string | undefined {
    return this.#values.get(name);
  }

  list(name: string): string[] {
    return this.#values.get(name)?.split(',') ?? [];
  }
}

/** Files beside a program, name and text. */
function filesOf(blocks: readonly Block[], where: string): [string, string][] {
  return blocks.map(({ words, text }) => {
    const name = new Words(words, where).value('file');
    if (name === undefined) throw new Error(`${where}: a file beside the program needs file=NAME`);
    return [name, text];
  });
}

function programOf(concern: string, { title, blocks }: Section, shared: readonly Block[]): Program {
  const name = `${concern}/${title}`;
  const [entry, ...others] = blocks;
  if (entry === undefined) throw new Error(`${name}: there is no program under this heading`);
  const words = new Words(entry.words, name);
  const file = words.value('file') ?? `program.${words.language}`;
  const files = new Map([[file, entry.text], ...filesOf([...shared, ...others], name)]);
  const stdin = words.value('stdin');
  const blur = words.value('blur');
  return {
    name,
    concern,
    file,
    files,
    form: words.has('script') ? 'script' : words.has('main') ? 'main' : formOf(entry.text),
    mayLose: words.has('mayLose'),
    mayRefuse: words.has('mayRefuse'),
    fails: words.has('fails'),
    argv: words.list('argv'),
    stdin: stdin?.replaceAll('\\n', '\n'),
    volatile: words.list('volatile'),
    blur: blur === undefined ? undefined : new RegExp(blur, 'g'),
    repeats: words.list('repeats'),
    inFlight: Number(words.value('inFlight') ?? 1),
  };
}

/** @param concern name of the table @throws Error when a heading has no program, or a word is unknown */
export function readTable(concern: string, text: string): Program[] {
  const [preamble = '', ...parts] = text.split(/^## /m);
  const shared = blocksOf(preamble);
  const programs = parts.map((part) => programOf(concern, sectionOf(part), shared));
  const names = new Set(programs.map(({ name }) => name));
  if (names.size !== programs.length) throw new Error(`${concern}: two programs have one name`);
  return programs;
}
