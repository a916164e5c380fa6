// The commands that reach other machines, with their options.
import { ResproutError } from '../../base/errors/errors.ts';
import { Option } from './commander.ts';
import { json, plain, quiet, store, verbose, type Declaring } from './common-options.ts';
import { HELP } from './help-texts.ts';
import { parseCount } from './parse-count.ts';
import { parseDuration } from './parse-duration.ts';

const TARGETS = 'such as local:, ssh://user@host:port, several joined by +, or @NAME of resprout.config.json';

const limit = (): Option<'--limit <n|targets>'> =>
  new Option('--limit <n|targets>', 'so many of the targets, or those that these name too, joined by commas');
const concurrency = (): Option<'--concurrency <n>', undefined, undefined, undefined, false, number> =>
  new Option('--concurrency <n>', 'so many targets at once (default: 32)').argParser(parseCount);
const batch = (): Option<'--batch <n>', undefined, undefined, undefined, false, number> =>
  new Option('--batch <n>', 'rolling: so many begin together, the next ones when all of them have ended').argParser(parseCount);
const stopAfter = (): Option<'--stop-after <n>', undefined, undefined, undefined, false, number> =>
  new Option('--stop-after <n>', 'start nothing more when so many targets have failed').argParser(parseCount);

export function call({ command, terminal, ended }: Declaring): void {
  command('call')
    .argument('<TARGET>', TARGETS)
    .argument('<FILE[:FUNCTION]>', 'file and function (default: default)')
    .argument('[JSON...]', 'arguments of the function, each as JSON, or vars.NAME for a variable of the target')
    .option('--timeout <duration>', 'give up a call after this time, such as 30s', parseDuration)
    .addOption(limit())
    .addOption(concurrency())
    .addOption(batch())
    .addOption(stopAfter())
    .addOption(json())
    .addOption(plain())
    .addOption(quiet())
    .addOption(verbose())
    .action(async (target, file, args, options) =>
      ended(await (await import('../commands/reach/call.ts')).call([target, file, ...args], options, terminal)),
    );
}

export function exec({ argv, command, terminal, ended }: Declaring): void {
  command('exec')
    .argument('<TARGET...>', `${TARGETS}; after them -- and the command`)
    .option('-t, --tty', 'give the command a terminal: for editors, shells and what asks')
    .option('--timeout <duration>', 'end the command after this time, such as 30s', parseDuration)
    .addOption(limit())
    .addOption(concurrency())
    .addOption(batch())
    .addOption(stopAfter())
    .addOption(json())
    .addOption(plain())
    .addOption(quiet())
    .addOption(verbose())
    .action(async (words, options) => {
      const { before, after } = atDashes(words, argv);
      ended(await (await import('../commands/reach/exec.ts')).exec(before, after, options, terminal));
    });
}

export function doctor({ command, terminal, ended }: Declaring): void {
  command('doctor')
    .argument('[TARGET...]', `${TARGETS} (default: local:)`)
    .addOption(limit())
    .addOption(concurrency())
    .addOption(json())
    .addOption(verbose())
    .action(async (targets, options) => ended(await (await import('../commands/reach/doctor.ts')).doctor(targets, options, terminal)));
}

export function tree({ command, terminal, ended }: Declaring): void {
  command('tree')
    .argument('[SESSION]', 'id of the session, or the beginning of it, or last (default: all that run)')
    .option('--watch', 'look again each second until ^C, or the end of SESSION; with --json one object a line, when something has changed')
    .addOption(store())
    .addOption(json())
    .addOption(plain())
    .addOption(verbose())
    .action(async (session, options) => ended(await (await import('../commands/reach/tree.ts')).tree(session, options, terminal)));
}

/** The words before and after `--`, which the parser takes away. @throws ResproutError USAGE */
function atDashes(
  words: readonly string[],
  argv: readonly string[],
): { readonly before: readonly string[]; readonly after: readonly string[] } {
  const at = argv.indexOf('--');
  const after = at < 0 ? [] : argv.slice(at + 1);
  const before = words.slice(0, words.length - after.length);
  if (after.length > 0 && before.length > 0) return { before, after };
  throw new ResproutError('USAGE', after.length === 0 ? 'the command is missing: it stands after --' : 'a target is missing before --', {
    do: `resprout exec ${HELP.exec.form}     (resprout help exec)`,
  });
}
