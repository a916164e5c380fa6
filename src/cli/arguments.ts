// The one file that knows the argument parser: names, options and help texts of all commands. Each command's code is loaded when it runs.
import { Argument, Command, Option } from '@commander-js/extra-typings';
import type { SpawnedRunner } from '../worker/runner-process.ts';
import { VERSION } from '../base/version.ts';
import type { Terminal } from './terminal.ts';
import { parseDuration } from './parse-duration.ts';

const SESSION = 'id of the session, or the beginning of it';
const AFTER_HELP = `
stdout is the program's; what resprout says goes to stderr.
Exit codes: 0 done, 1 the program failed, 2 usage, 3 parked (resume it), 4 environment, store or connection.
Every error has a code: resprout help CODE explains it.`;

const json = (): Option<'--json', undefined, true> =>
  new Option('--json', 'print one JSON value on stdout; the program prints on stderr').preset(true as const);
const quiet = (): Option<'-q, --quiet'> => new Option('-q, --quiet', 'say nothing but problems');
const verbose = (): Option<'-v, --verbose'> => new Option('-v, --verbose', 'say more: every call, stacks of errors');
const plain = (): Option<'--plain'> => new Option('--plain', 'plain lines instead of a live region');
const store = (): Option<'--store <dir>'> => new Option('--store <dir>', 'folder of the store (default: .resprout beside package.json)');
const grace = (): Option<'--grace <duration>', undefined, undefined, undefined, false, number> =>
  new Option('--grace <duration>', 'how long calls may go on after ^C, such as 10s (default: 5s)').argParser(parseDuration);

/** All commands. @param runner for `run` and `resume`. @param ended takes the exit code of a command that went through */
export function buildArguments(terminal: Terminal, runner: SpawnedRunner | undefined, ended: (exit: number) => void): Command {
  const program = new Command('resprout')
    .description('Runs ordinary TypeScript durably, on any machine you can reach, with nothing installed there')
    .version(VERSION, '--version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .addHelpText('after', AFTER_HELP)
    .exitOverride()
    .configureOutput({
      outputError: () => {},
      writeErr: (text) => terminal.stderr.write(text),
      writeOut: (text) => terminal.stdout.write(text),
    });

  program
    .command('run')
    .summary('run a program durably')
    .description('Runs a program durably: calls to the outside are recorded, and a killed program goes on where it was.')
    .argument('<file[:export]>', 'program file and, when it is neither default nor main, the export')
    .argument('[args...]', 'after --: arguments of the program')
    .option('-d, --data <json|@file|->', "the event's data: JSON, a file with JSON, or - for standard input")
    .option('--session <id>', 'id of the new session')
    .option('--park', 'park instead of waiting for timers')
    .addOption(grace())
    .addOption(store())
    .addOption(json())
    .addOption(plain())
    .addOption(quiet())
    .addOption(verbose())
    .action(async (file, args, options) => ended(await (await import('./commands/run.ts')).run(file, args, options, terminal, runner)));

  program
    .command('resume')
    .summary('go on with parked and interrupted sessions')
    .description('Goes on with sessions where they were. Without ids: every session of the store that was interrupted or parked by ^C.')
    .argument('[session...]', SESSION)
    .option('--build <file>', "replay against today's code of this file, then go on with it")
    .option('--take-over', 'fence an owner that still lives')
    .addOption(grace())
    .addOption(store())
    .addOption(json())
    .addOption(plain())
    .addOption(quiet())
    .addOption(verbose())
    .action(async (sessions, options) => ended(await (await import('./commands/resume.ts')).resume(sessions, options, terminal, runner)));

  program
    .command('cancel')
    .summary('end a session for good')
    .description('Ends a session: pending calls reject, finally blocks run.')
    .argument('<session>', SESSION)
    .addOption(grace())
    .addOption(store())
    .addOption(json())
    .addOption(quiet())
    .addOption(verbose())
    .action(async (session, options) => ended(await (await import('./commands/cancel.ts')).cancel(session, options, terminal)));

  program
    .command('replay')
    .summary('replay a session without any effect')
    .description('Replays a session from its first event to its last. Nothing is called, opened or written.')
    .argument('<session>', SESSION)
    .option('--build <file>', "replay against today's code of this file")
    .addOption(store())
    .addOption(json())
    .addOption(quiet())
    .addOption(verbose())
    .action(async (session, options) => ended(await (await import('./commands/replay.ts')).replay(session, options, terminal)));

  program
    .command('sessions')
    .summary('list the sessions of the store')
    .addOption(
      new Option('--state <state>', 'only sessions in this state').choices([
        'running',
        'parked',
        'waiting',
        'interrupted',
        'done',
        'failed',
        'cancelled',
        'damaged',
      ] as const),
    )
    .addOption(store())
    .addOption(json())
    .addOption(verbose())
    .action(async (options) => ended(await (await import('./commands/sessions.ts')).sessions(options, terminal)));

  program
    .command('show')
    .summary('show what a session did')
    .argument('<session>', SESSION)
    .option('--events', 'all recorded events instead of calls')
    .addOption(store())
    .addOption(json())
    .addOption(verbose())
    .action(async (session, options) => ended(await (await import('./commands/show.ts')).show(session, options, terminal)));

  program
    .command('call')
    .summary('call one function on a target')
    .description('Calls one exported function on a target, without a session: resprout call ssh://web-1 ops.ts:health')
    .argument('<target>', 'such as local:, ssh://user@host:port or several joined by +')
    .argument('<file:export>', 'file and exported function')
    .argument('[json...]', 'arguments of the function, each as JSON')
    .option('--timeout <duration>', 'give up after this time', parseDuration)
    .addOption(json())
    .addOption(quiet())
    .addOption(verbose())
    .action(async (target, file, args, options) =>
      ended(await (await import('./commands/call.ts')).call(target, file, args, options, terminal)),
    );

  program
    .command('help')
    .summary('explain an error code or show the help of a command')
    .addArgument(new Argument('[topic]', 'an error code or a command'))
    .action(async (topic) => ended((await import('./commands/help.ts')).help(topic, program, terminal)));

  return program as unknown as Command;
}
