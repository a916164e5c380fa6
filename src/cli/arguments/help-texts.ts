// What `--help` says of each command beside its options: how it is written, what it does, and command lines that can be copied.

export interface HelpText {
  /** The arguments as a person writes them; also the second line of a usage error. */
  readonly form: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  readonly description: string;
  readonly examples: readonly string[];
}

export type CommandName =
  | 'run'
  | 'resume'
  | 'cancel'
  | 'fork'
  | 'replay'
  | 'export'
  | 'import'
  | 'sessions'
  | 'show'
  | 'logs'
  | 'rm'
  | 'prune'
  | 'seal'
  | 'explain'
  | 'call'
  | 'help'
  | 'completion';

/** Other words for a command. */
export const ALIASES: Readonly<Record<string, CommandName>> = { ls: 'sessions', list: 'sessions', ps: 'sessions' };

/** Words of other tools that are no command here, and the command line that does what they mean. */
export const MEANT: Readonly<Record<string, string>> = {
  status: 'resprout sessions lists all, resprout show SESSION shows one',
  log: 'resprout logs SESSION',
  inspect: 'resprout show SESSION',
  describe: 'resprout show SESSION',
  history: 'resprout show SESSION --events',
  attach: 'resprout show SESSION --follow',
  follow: 'resprout show SESSION --follow',
  tail: 'resprout logs SESSION --follow',
  watch: 'resprout show SESSION --follow',
  start: 'resprout run FILE',
  exec: 'resprout run FILE, or resprout call TARGET FILE:FUNCTION for one function on another machine',
  ssh: 'resprout call ssh://HOST FILE:FUNCTION',
  continue: 'resprout resume SESSION',
  restart: 'resprout resume SESSION goes on with it, resprout run FILE begins anew',
  stop: '^C parks a session where it runs, resprout cancel SESSION ends it',
  park: '^C parks a session where it runs, resprout run FILE --park by itself',
  kill: 'resprout cancel SESSION',
  abort: 'resprout cancel SESSION',
  remove: 'resprout rm SESSION',
  delete: 'resprout rm SESSION',
  clean: 'resprout prune',
  gc: 'resprout prune',
  encrypt: 'resprout seal',
  dump: 'resprout export SESSION',
  backup: 'resprout export SESSION --out FILE',
  save: 'resprout export SESSION --out FILE',
  restore: 'resprout import FILE',
  load: 'resprout import FILE',
  check: 'resprout run FILE --check, or resprout replay SESSION --build FILE',
  test: 'resprout run FILE --check, or resprout replay SESSION --build FILE',
};

export const HELP: Readonly<Record<CommandName, HelpText>> = {
  run: {
    form: 'FILE[:EXPORT] [options] [-- ARGS...]',
    summary: 'run a program durably',
    description:
      'Runs a program durably: its calls to the outside are recorded, and a program that was killed goes on exactly where it was. ' +
      'It begins with the export default, else main; of a file with neither, the body is the program. It stays in the foreground until the program ends; ^C parks it.',
    examples: [
      'resprout run rollout.ts',
      `resprout run rollout.ts --data '{"hosts":["web-1","web-2"]}'`,
      'resprout run jobs.ts:nightly --data @nightly.json --park',
      'resprout run rollout.ts --check',
      'resprout run report.ts --json -- --since yesterday',
    ],
  },
  resume: {
    form: '[SESSION...] [options]',
    summary: 'go on with parked and interrupted sessions',
    description:
      'Goes on with sessions where they were. Without ids: every session of the store whose process died or that was parked by ^C, ' +
      'but none that waits for a time. A session runs the build it began with; --build changes to the code of today when that ' +
      'repeats the recorded history, and leaves the session as it was when it does not. A session that failed goes on with --retry: ' +
      'the call that failed is made again, what came before it is not.',
    examples: [
      'resprout resume',
      'resprout resume 01m86c',
      'resprout resume 01m86c --retry',
      'resprout resume 01m86c --retry --build rollout.ts',
      'resprout resume 01m86c --retry --from 31',
      'resprout resume 01m86c --build rollout.ts',
      'resprout resume 01m86c --take-over',
    ],
  },
  cancel: {
    form: 'SESSION [options]',
    summary: 'end a session for good',
    description:
      'Ends a session: its pending calls reject with SESSION_CANCELLED and its finally blocks run. A session that runs in another ' +
      'process is asked there; a parked one is replayed first. After the grace the program is killed, and that is noted. A process that has ' +
      'not answered for 15 s is not waited for: --take-over takes the session from it.',
    examples: ['resprout cancel 01m86c', 'resprout cancel 01m86c --grace 30s', 'resprout cancel 01m86c --take-over'],
  },
  fork: {
    form: 'SESSION --at EVENT [options]',
    summary: 'make a session that shares the history of another up to an event',
    description:
      'Makes a new session that shares what the program of another did and was given before an event, and prints its id; resprout resume goes ' +
      'on with it. The other session stays as it is. With --result the call at that event gives a value of yours, and show says so.',
    examples: ['resprout fork 01m86c --at 31', `resprout fork 01m86c --at 31 --result '{"approved":true}'`],
  },
  replay: {
    form: 'SESSION [options]',
    summary: 'check code against a recorded session, without any effect',
    description:
      'Runs a session again from its first event to its last, answered from what was recorded. Nothing is called, opened or written. ' +
      'With --build it tells whether the code of today repeats that history, and where it does not.',
    examples: ['resprout replay 01m86c', 'resprout replay 01m86c --build rollout.ts'],
  },
  sessions: {
    form: '[options]',
    summary: 'list the sessions of the store',
    description: 'Lists the sessions of the store, the newest first: on a terminal the last 20, elsewhere all.',
    examples: ['resprout sessions', 'resprout sessions --state failed --limit 100', 'resprout sessions --json'],
  },
  show: {
    form: 'SESSION [options]',
    summary: 'show what a session did',
    description: 'Shows the calls of a session: when, where, from which line, how long, and what came of each.',
    examples: [
      'resprout show last',
      'resprout show 01m86c --events',
      'resprout show 01m86c --event 12',
      'resprout show 01m86c --follow',
      'resprout show last --html session.html',
    ],
  },
  logs: {
    form: '[SESSION] [options]',
    summary: 'show what a session printed',
    description:
      'Shows what a session has printed, its stdout on stdout, its stderr and the lines of its contexts on stderr: of the session that was ' +
      'started last, or of the one that is named. The store keeps 8 to 16 MiB of each session.',
    examples: ['resprout logs', 'resprout logs last --follow', 'resprout logs 01m86c > output.txt'],
  },
  rm: {
    form: 'SESSION... [options]',
    summary: 'remove sessions for good',
    description:
      'Removes sessions from the store with everything they recorded, and the builds that no session needs any more. What has not ended ' +
      'cannot go on then. A session that a process runs is not removed.',
    examples: ['resprout rm 01m86c', 'resprout rm last'],
  },
  prune: {
    form: '--older-than DURATION [options]',
    summary: 'remove old sessions',
    description:
      'Removes the sessions whose last event is older than a time: those that have ended, or those in the states that are named. Sessions ' +
      'that run are left alone, so it may run beside them. --dry-run lists what would go.',
    examples: ['resprout prune --older-than 30d --dry-run', 'resprout prune --older-than 7d --state done,failed'],
  },
  seal: {
    form: '[SESSION...] [options]',
    summary: 'seal what sessions recorded',
    description:
      'Seals what sessions recorded before their store had a key: journal, output and what lists keep of them. Without sessions it tells how the store ' +
      'seals new ones. --new-key makes a key file; the setting seal.key in resprout.config.json beside the store names it, and new sessions are sealed from ' +
      'then on. Without its key nothing can read a sealed session.',
    examples: ['resprout seal', 'resprout seal --new-key ~/.config/resprout.key', 'resprout seal --all', 'resprout seal 01m86c'],
  },
  export: {
    form: 'SESSION [options]',
    summary: 'write a session as lines of JSON, with all that another store needs',
    description:
      'Writes a session as JSON, one object a line, on stdout or to a file: its builds, every event for people and as exact bytes, and a checksum ' +
      'of all. A session that runs is not disturbed; what is committed so far is written. The file holds what the store holds: keep it as private.',
    examples: ['resprout export 01m86c --out session.jsonl', 'resprout export last | gzip > session.jsonl.gz'],
  },
  import: {
    form: '[FILE|-] [options]',
    summary: 'take in a session that export has written',
    description:
      'Takes in a session that export has written, from a file or from standard input: checked as a whole, and all of it or nothing. Its id stays. ' +
      'What has not ended goes on with resume, in the folder that it was started in. It runs the code that came with it: import what you would run.',
    examples: [
      'resprout import session.jsonl',
      'gunzip < session.jsonl.gz | resprout import -',
      'resprout import session.jsonl --store elsewhere',
    ],
  },
  explain: {
    form: 'FILE [options]',
    summary: 'show how packages and calls of a program are treated',
    description:
      'Shows how a session would treat each imported package and each call of a program, what decided it, and what would change it. ' +
      'With --served: the files that may leave this machine for its contexts. Looks at files only: nothing of the program runs.',
    examples: ['resprout explain rollout.ts', 'resprout explain rollout.ts --served', 'resprout explain rollout.ts --json'],
  },
  call: {
    form: 'TARGET FILE[:FUNCTION] [JSON...] [options]',
    summary: 'call one function on a target',
    description:
      'Calls one function of a file on a target, without a session, and prints what it returns. The file travels by itself; nothing is ' +
      'installed there and nothing stays. Arguments are JSON.',
    examples: [
      'resprout call local: ops.ts:health',
      `resprout call ssh://deploy@web-1 ops.ts:upgrade '"2.4.1"' --timeout 5m`,
      'resprout call ssh://bastion+ssh://web-1 ops.ts:health --json',
    ],
  },
  help: {
    form: '[CODE|COMMAND] [options]',
    summary: 'explain an error code or a command',
    description: 'Explains an error code or shows the help of a command. Works offline.',
    examples: ['resprout help STORE_IO', 'resprout help resume'],
  },
  completion: {
    form: 'SHELL [options]',
    summary: 'print a script that completes command lines in a shell',
    description:
      'Prints a script for bash, zsh or fish. With it the tab key completes commands, options, files, exports of a file after its colon, ' +
      'and ids of sessions.',
    examples: [
      'resprout completion bash > ~/.resprout-completion && . ~/.resprout-completion',
      'resprout completion fish > ~/.config/fish/completions/resprout.fish',
    ],
  },
};

export const ABOUT = 'Runs ordinary TypeScript durably, on any machine you can reach, with nothing installed there';

/** Below the list of commands. */
export const AFTER_HELP = `
Begin with:
  resprout run hello.ts            hello.ts: export default async () => 'hello';
  resprout help run                options and examples of a command

stdout is the program's; what resprout says goes to stderr. --json: one JSON value on stdout.
Exit codes: 0 done, 1 the program failed, 2 usage, 3 parked (resume it), 4 environment, store or connection.
Every error has a code: resprout help CODE explains it.`;

export function isCommandName(text: string): text is CommandName {
  return Object.hasOwn(HELP, text);
}

export function examplesText(name: CommandName): string {
  return `\nExamples:\n${HELP[name].examples.map((line) => `  ${line}`).join('\n')}`;
}
