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
  | 'exec'
  | 'doctor'
  | 'tree'
  | 'supervise'
  | 'prime'
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
  ssh: 'resprout exec ssh://HOST -- COMMAND, or resprout exec -t ssh://HOST -- sh for a shell',
  shell: 'resprout exec -t TARGET -- sh',
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
    form: 'TARGET... FILE[:FUNCTION] [JSON...] [options]',
    summary: 'call one function on a target, or on many',
    description:
      'Calls one function of a file on a target, without a session, and prints what it returns. The file travels by itself; nothing is ' +
      'installed there and nothing stays. Arguments are JSON. Several targets, or @NAME of resprout.config.json: on all of them at once, ' +
      'each line with the name of its target, the same failure of many in one block. vars.NAME as an argument is a variable of the target.',
    examples: [
      'resprout call local: ops.ts:health',
      `resprout call ssh://deploy@web-1 ops.ts:upgrade '"2.4.1"' --timeout 5m`,
      'resprout call ssh://bastion+ssh://web-1 ops.ts:health --json',
      'resprout call ssh://web-1+sudo: ops.ts:restart',
      `resprout call @web ops.ts:upgrade '"2.4.1"' vars.port --batch 10 --stop-after 3`,
    ],
  },
  exec: {
    form: 'TARGET... [options] -- COMMAND [ARGUMENTS...]',
    summary: 'run a command on a target, or on many',
    description:
      'Runs a command on a target and ends with its exit code: what it reads and writes is passed on as it is. No shell reads it: sh -c for that. ' +
      'With -t it gets a terminal there, for editors, shells and what asks. On several targets, or @NAME of resprout.config.json, it reads nothing, ' +
      'each line has the name of its target, and the same failure of many is one block.',
    examples: [
      'resprout exec ssh://deploy@web-1 -- uptime',
      'resprout exec ssh://web-1 -t -- vi /etc/hosts',
      `resprout exec @web --batch 10 --stop-after 1 -- systemctl restart app`,
      `resprout exec ssh://web-1 -- sh -c 'df -h | tail -1'`,
    ],
  },
  doctor: {
    form: '[TARGET...] [options]',
    summary: 'find out why a target does not open, or how it does',
    description:
      'Opens a target step by step and says what it finds: ssh and its configuration, network, host key, authentication, shell, every Node, ' +
      'the round trip, the clock, the disk; and what to do about what is wrong. Nothing is changed and nothing stays there.',
    examples: ['resprout doctor ssh://deploy@web-1', 'resprout doctor ssh://bastion+ssh://web-1', 'resprout doctor @web --json'],
  },
  tree: {
    form: '[SESSION] [options]',
    summary: 'show the contexts of the sessions that run',
    description:
      'Shows which contexts the sessions of the store have open now, each below the one that it was opened through: name, method, process, host, ' +
      'version of Node, and the calls under way there. The processes that run the sessions are asked; nothing is opened.',
    examples: ['resprout tree', 'resprout tree last --watch', 'resprout tree --json'],
  },
  supervise: {
    form: 'FILE[:EXPORT] [ACTION] [UNIT] [options]',
    summary: 'keep programs and units alive',
    description:
      'Keeps what a file declares alive, in the foreground, until ^C, a SIGTERM or stop: programs, units, groups and supervisors below. The file is ' +
      'JSON (docs/supervise.schema.json), or a module that exports a tree. With an action the one that runs is asked: status, stop, or restart UNIT; ' +
      'systemd prints a unit that starts it with the machine.',
    examples: [
      'resprout supervise shop.json',
      'resprout supervise shop.json status',
      'resprout supervise shop.json restart web',
      'resprout supervise shop.json stop',
      'resprout supervise shop.json systemd',
    ],
  },
  prime: {
    form: 'init [FOLDER] [options]',
    summary: 'write the primer into a repository',
    description:
      'Writes the two files with which a repository prepares itself from a bare clone: the launcher prime and the kernel proto_kernel.cjs. ' +
      'What package.json, .node-version and the lockfile say is read there; docs/adopt.md shows the rest. A file that is not of the primer, ' +
      'a newer kernel and an edited one stay as they are.',
    examples: ['resprout prime init', 'resprout prime init ../other', 'resprout prime init --json'],
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
