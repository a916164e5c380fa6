// Names and options of all commands. Each command's code is loaded when it runs.
import { VERSION } from '../../base/version.ts';
import type { SpawnedRunner } from '../../worker/runner-process.ts';
import { Argument, Command, Option } from './commander.ts';
import { json, plain, quiet, store, verbose, type Declaring } from './common-options.ts';
import { call, doctor, exec, tree } from './reach-arguments.ts';
import { ABOUT, AFTER_HELP, ALIASES, HELP, examplesText, isCommandName, type CommandName } from './help-texts.ts';
import { ASK } from '../completion/scripts.ts';
import { parseCount } from './parse-count.ts';
import { parseDuration } from './parse-duration.ts';
import { parseEventNumber } from './parse-event-number.ts';
import { STATES, statesOf } from './parse-states.ts';
import { okLine } from '../render/values/json.ts';
import { storeFolder } from './store-folder.ts';
import type { Terminal } from '../terminal.ts';

const SESSION = 'id of the session, or the beginning of it; ses_ may be left out; last is the one that was started last';

const grace = (what: string): Option<'--grace <duration>', undefined, undefined, undefined, false, number> =>
  new Option('--grace <duration>', `how long ${what}, such as 10s (default: 5s)`).argParser(parseDuration);

const keep = (): Option<'--keep'> =>
  new Option('--keep', 'remove no ended session afterwards, however old (setting: retention in resprout.config.json)');

/** All commands. @param argv what is going to be parsed. @param runner for `run` and `resume`. @param ended takes the exit code of a command that went through */
export function buildArguments(
  argv: readonly string[],
  terminal: Terminal,
  runner: SpawnedRunner | undefined,
  ended: (exit: number) => void,
): Command {
  const program = new Command('resprout')
    .usage('COMMAND [options]')
    .description(ABOUT)
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .configureHelp({
      subcommandTerm: (command) => `${command.name()} ${formOf(command.name())}`.trim(),
      commandUsage: (command) => `${command.parent === null ? '' : 'resprout '}${command.name()} ${command.usage()}`,
    })
    .addHelpText('after', AFTER_HELP)
    .exitOverride()
    .configureOutput({
      outputError: () => {},
      writeErr: (text) => terminal.stderr.write(text),
      writeOut: (text) => terminal.stdout.write(text),
    });
  const command = (name: CommandName): Command =>
    program
      .command(name)
      .usage(HELP[name].form)
      .summary(HELP[name].summary)
      .description(HELP[name].description)
      .addHelpText('after', examplesText(name)) as unknown as Command;
  program.hook('preAction', async (_program, action) => {
    if (!action.options.some(({ long }) => long === '--store')) return;
    const { hideEnv } = await import('../sessions/hide-secrets.ts');
    const given: unknown = action.opts()['store'];
    hideEnv(terminal.env, { storeFolder: storeFolder(typeof given === 'string' ? given : undefined, terminal.env, terminal.cwd) });
  });
  // In the order of the help text.
  for (const declare of [
    run,
    resume,
    cancel,
    fork,
    replay,
    sessions,
    show,
    logs,
    exporting,
    importing,
    rm,
    prune,
    seal,
    explain,
    call,
    exec,
    doctor,
    tree,
    supervise,
    prime,
  ])
    declare({ argv, command, terminal, runner, ended });
  command('help')
    .addArgument(new Argument('[CODE|COMMAND]', 'an error code or a command'))
    .addOption(json())
    .action(async (topic, options) => ended((await import('../commands/help.ts')).help(topic, options, program, terminal)));
  command('completion')
    .addArgument(new Argument('<SHELL>', 'the shell that the script is for').choices(['bash', 'zsh', 'fish'] as const))
    .addOption(json())
    .action(async (shell, options) => ended((await import('../commands/completion.ts')).completion(shell, options, terminal)));
  program
    .command(ASK, { hidden: true })
    .argument('[WORDS...]')
    .action(async (words) => ended((await import('../commands/completion.ts')).completeWords(words, program, terminal)));
  // Not in the list: it is what many type before they know --version.
  program
    .command('version', { hidden: true })
    .addOption(json())
    .action((options) => {
      terminal.stdout.write(options.json ? okLine(VERSION) : `${VERSION}\n`);
      ended(0);
    });
  return program as unknown as Command;
}

function run({ command, terminal, runner, ended }: Declaring): void {
  command('run')
    .argument('<FILE[:EXPORT]>', 'program file and, when it is neither default nor main, the export')
    .argument('[ARGS...]', "after --: the program's own arguments, process.argv.slice(2)")
    .option('-d, --data <json|@file|->', "the event's data: JSON, a file with JSON, or - for standard input")
    .option('--session <id>', 'id of the new session')
    .option('--park', 'park as soon as only timers are waited for')
    .addOption(keep())
    .option('--check', 'when it has ended: replay it, cut a copy before its end and resume that, and compare')
    .addOption(grace('calls may go on after ^C'))
    .addOption(store())
    .addOption(json())
    .addOption(plain())
    .addOption(quiet())
    .addOption(verbose())
    .action(async (file, args, options) => ended(await (await import('../commands/run.ts')).run(file, args, options, terminal, runner)));
}

function resume({ command, terminal, runner, ended }: Declaring): void {
  command('resume')
    .argument('[SESSION...]', SESSION)
    .option('--build <file>', "replay against today's code of this file, then go on with it")
    .addOption(keep())
    .option('--retry', 'a session that failed: make the call that failed again, and go on from there')
    .option('--from <event>', 'go on from this event, a number as show prints it; it and what came after it is void', parseEventNumber)
    .option('--repeat-unknown', 'make calls that may run at most once and whose outcome is unknown once more')
    .option('--take-over', 'take the session from a process that still has it')
    .addOption(grace('calls may go on after ^C'))
    .addOption(store())
    .addOption(json())
    .addOption(plain())
    .addOption(quiet())
    .addOption(verbose())
    .action(async (sessions, options) => ended(await (await import('../commands/resume.ts')).resume(sessions, options, terminal, runner)));
}

function cancel({ command, terminal, ended }: Declaring): void {
  command('cancel')
    .argument('<SESSION>', SESSION)
    .option('--take-over', 'take the session from a process that still has it, instead of asking it')
    .addOption(grace('finally blocks may take'))
    .addOption(store())
    .addOption(json())
    .addOption(plain())
    .addOption(quiet())
    .addOption(verbose())
    .action(async (session, options) => ended(await (await import('../commands/cancel.ts')).cancel(session, options, terminal)));
}

function fork({ command, terminal, ended }: Declaring): void {
  command('fork')
    .argument('<SESSION>', SESSION)
    .requiredOption('--at <event>', 'number of the first event that is not shared, as show prints it', parseEventNumber)
    .option('--result <json>', 'what the call at that event gives, instead of its own result')
    .addOption(store())
    .addOption(json())
    .addOption(quiet())
    .addOption(verbose())
    .action(async (session, options) => ended(await (await import('../commands/fork.ts')).fork(session, options, terminal)));
}

function replay({ command, terminal, ended }: Declaring): void {
  command('replay')
    .argument('<SESSION>', SESSION)
    .option('--build <file>', "replay against today's code of this file")
    .addOption(store())
    .addOption(json())
    .addOption(quiet())
    .addOption(verbose())
    .action(async (session, options) => ended(await (await import('../commands/replay.ts')).replay(session, options, terminal)));
}

function sessions({ command, terminal, ended }: Declaring): void {
  command('sessions')
    .aliases(Object.keys(ALIASES))
    .addOption(
      new Option('--state <state>', `only sessions in this state, or in several, joined by commas: ${STATES.join(', ')}`).argParser(
        statesOf(STATES),
      ),
    )
    .addOption(new Option('--limit <n>', 'so many at most (default: 20 on a terminal, else all)').argParser(parseCount))
    .addOption(store())
    .addOption(json())
    .addOption(verbose())
    .action(async (options) => ended(await (await import('../commands/sessions.ts')).sessions(options, terminal)));
}

function show({ command, terminal, ended }: Declaring): void {
  command('show')
    .argument('<SESSION>', SESSION)
    .option('--events', 'all recorded events instead of calls')
    .option('--event <number>', 'one event whole, a number as show prints it', parseEventNumber)
    .option('--html <file>', 'write a page that needs nothing else, for a browser or a mail')
    .option('--follow', 'go on with new events until the session ends or parks; with --json one object a line')
    .addOption(store())
    .addOption(json())
    .addOption(verbose())
    .action(async (session, options) => ended(await (await import('../commands/show.ts')).show(session, options, terminal)));
}

function logs({ command, terminal, ended }: Declaring): void {
  command('logs')
    .argument('[SESSION]', SESSION)
    .option('--follow', 'go on until the session ends or parks; with --json one object a line')
    .addOption(store())
    .addOption(json())
    .addOption(verbose())
    .action(async (session, options) => ended(await (await import('../commands/logs.ts')).logs(session, options, terminal)));
}

function exporting({ command, terminal, ended }: Declaring): void {
  command('export')
    .argument('<SESSION>', SESSION)
    .option('-o, --out <file>', 'file to write, whole or not at all (default: stdout)')
    .addOption(store())
    .addOption(json())
    .addOption(quiet())
    .addOption(verbose())
    .action(async (session, options) =>
      ended(await (await import('../commands/transfer/export.ts')).exportCommand(session, options, terminal)),
    );
}

function importing({ command, terminal, ended }: Declaring): void {
  command('import')
    .argument('[FILE]', 'what export has written; - or nothing: standard input')
    .addOption(store())
    .addOption(json())
    .addOption(quiet())
    .addOption(verbose())
    .action(async (file, options) => ended(await (await import('../commands/transfer/import.ts')).importCommand(file, options, terminal)));
}

function rm({ command, terminal, ended }: Declaring): void {
  command('rm')
    .argument('<SESSION...>', SESSION)
    .addOption(store())
    .addOption(json())
    .addOption(quiet())
    .addOption(verbose())
    .action(async (sessions, options) => ended(await (await import('../commands/rm.ts')).rm(sessions, options, terminal)));
}

function prune({ command, terminal, ended }: Declaring): void {
  command('prune')
    .requiredOption('--older-than <duration>', 'those whose last event is older than this, such as 30d', parseDuration)
    .addOption(
      new Option('--state <states>', 'those in these states, joined by commas (default: done,failed,cancelled)').argParser(
        statesOf(STATES.filter((state) => state !== 'running' && state !== 'sealed')),
      ),
    )
    .option('--dry-run', 'list what would go, and remove nothing')
    .addOption(store())
    .addOption(json())
    .addOption(quiet())
    .addOption(verbose())
    .action(async (options) => ended(await (await import('../commands/prune.ts')).prune(options, terminal)));
}

function seal({ command, terminal, ended }: Declaring): void {
  command('seal')
    .argument('[SESSION...]', SESSION)
    .option('--new-key <file>', 'make a key file, mode 0600, outside of the store')
    .option('--all', 'all sessions of the store that no process runs')
    .addOption(store())
    .addOption(json())
    .addOption(quiet())
    .addOption(verbose())
    .action(async (sessions, options) => ended(await (await import('../commands/seal.ts')).seal(sessions, options, terminal)));
}

function explain({ command, terminal, ended }: Declaring): void {
  command('explain')
    .argument('<FILE>', 'program file')
    .option('--served', 'list what far sides may get instead')
    .addOption(json())
    .addOption(verbose())
    .action(async (file, options) => ended((await import('../commands/explain.ts')).explain(file, options, terminal)));
}

function supervise({ command, terminal, ended }: Declaring): void {
  command('supervise')
    .argument('<FILE[:EXPORT]>', 'JSON, or a module and, when it is not tree, the export')
    .addArgument(
      new Argument('[ACTION]', 'asks the one that runs; systemd: print a boot unit').choices([
        'status',
        'stop',
        'restart',
        'systemd',
      ] as const),
    )
    .argument('[UNIT]', 'of restart: a name, or a path of names such as jobs/mailer')
    .addOption(json())
    .addOption(quiet())
    .addOption(verbose())
    .action(async (file, action, unit, options) =>
      ended(await (await import('../supervise/supervise.ts')).supervise(file, action, unit, options, terminal)),
    );
}

function prime({ command, terminal, ended }: Declaring): void {
  command('prime')
    .addArgument(new Argument('<ACTION>', 'init: write the primer into a repository').choices(['init'] as const))
    .argument('[FOLDER]', 'the repository (default: the current folder)')
    .addOption(json())
    .addOption(quiet())
    .addOption(verbose())
    .action(async (action, folder, options) => ended((await import('../commands/prime.ts')).prime(action, folder, options, terminal)));
}

function formOf(name: string): string {
  return isCommandName(name) ? HELP[name].form.replace(/ ?\[options\]/, '').replace(' [-- ARGS...]', '') : '';
}
