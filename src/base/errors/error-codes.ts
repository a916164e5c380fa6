// The one table of error codes. A code is never renamed and never reused: a retired one moves to RETIRED_CODES.
// `exit` is the process exit code that the command line gives when this error ends a command (docs/exit-codes.md).
// `docs/errors.md` has one heading per code; a test keeps the two equal.

/** What every code carries: the sentence that `help CODE` begins with, the general cure, and the exit code. */
export interface ErrorKind {
  /** One sentence, no final period: what this code means. */
  readonly means: string;
  /** One sentence: what usually helps. */
  readonly cure: string;
  /** Exit code of the command that ends with it: 1 the user's program, 2 usage, 3 resumable, 4 environment. */
  readonly exit: 1 | 2 | 3 | 4;
}

/** All codes, in alphabetical order within their area. */
export const ERROR_CODES = {
  ACTIVITY_TIMEOUT: {
    means: 'An activity did not end within its time limit',
    cure: 'Give it more time with the option timeout, or look why it hangs',
    exit: 1,
  },
  BUILD_EXPORT_MISSING: {
    means: 'A file imports a name that the other file does not export',
    cure: 'Correct the name, or write import type when it is a type',
    exit: 1,
  },
  BUILD_FILE_MISSING: {
    means: 'A file of the recorded build is no longer in the store',
    cure: 'Restore the builds folder of the store, or start the program again',
    exit: 4,
  },
  BUILD_MODULE_MISSING: {
    means: 'A file imports a module that cannot be found',
    cure: 'Install the package or correct the path in the import',
    exit: 1,
  },
  BUILD_PACKAGES_CHANGED: {
    means: 'The lockfile differs from the one the session was recorded with',
    cure: 'Install the recorded versions if the session depends on them',
    exit: 4,
  },
  CALL_OPTIONS_INVALID: {
    means: 'An option of a call is of the wrong type or out of range',
    cure: 'Give the option as documented',
    exit: 1,
  },
  CONFIG_INVALID: {
    means: 'The configuration file has an unknown key or a value of the wrong type',
    cure: 'Correct the line that the message names',
    exit: 2,
  },
  DATA_INVALID: {
    means: 'The input given to --data is not valid JSON',
    cure: 'Give valid JSON, @FILE with valid JSON, or - to read it from standard input',
    exit: 2,
  },
  ENV_CHANGED: {
    means: 'Environment variables differ from those the session started with',
    cure: 'Set them as they were if the program depends on them',
    exit: 4,
  },
  FILE_IO: {
    means: 'A file or folder could not be read or written',
    cure: 'Look at its owner, its mode and its disk, then run the command again',
    exit: 4,
  },
  IMPORT_CONFLICT: {
    means: 'The store has something else under a name that the import brings',
    cure: 'Import into another store with --store, or remove what the message names first',
    exit: 4,
  },
  IMPORT_INVALID: {
    means: 'What was given is not the whole, unchanged export of a session',
    cure: 'Export the session again, and copy the file as bytes',
    exit: 4,
  },
  IMPORT_TOO_NEW: {
    means: 'The export was made by a later version of Resprout',
    cure: 'Import it with that version or a later one',
    exit: 4,
  },
  INTERNAL: { means: 'Resprout itself failed in a way that it does not know', cure: 'Report it with the output of --verbose', exit: 4 },
  JOURNAL_CORRUPT: {
    means: 'The journal of the session does not pass its checks',
    cure: 'Restore the store from a copy; the other sessions are not affected',
    exit: 4,
  },
  JOURNAL_DIVERGED: {
    means: 'The program did not do again what its history says',
    cure: 'Undo the change that the message names, or go on with the recorded build; if nothing was changed, look there for what is not recorded',
    exit: 4,
  },
  JOURNAL_VALUE_TOO_LARGE: {
    means: 'A value is too large to be recorded',
    cure: 'Write it to a file and return the path, or return a part of it',
    exit: 1,
  },
  JOURNAL_VALUE_UNRECORDABLE: {
    means: 'A value cannot be written to the journal',
    cure: 'Return plain data, or make the call inside an activity that returns plain data',
    exit: 1,
  },
  JOURNAL_VERSION_OLD: {
    means: 'The session was recorded by an older version, whose journal this one can show and not resume',
    cure: 'Resume it with the version that recorded it, or start the program again',
    exit: 4,
  },
  LIVE_OBJECT_LOST: {
    means: 'A connection or handle was lost with the process that held it',
    cure: 'Catch the error and open it again',
    exit: 1,
  },
  OUTCOME_UNKNOWN: {
    means: 'A call that may run at most once was under way when the process ended',
    cure: 'Look at the service whether it happened, then decide in your program',
    exit: 1,
  },
  OUTPUT_IO: {
    means: 'Standard output could not be written',
    cure: 'Make room or name another file, then read the result with resprout show',
    exit: 4,
  },
  PACKAGE_NEEDS_BOUNDARY: {
    means: 'Code that runs inline left JavaScript by a way that is not recorded, so that a replay could not repeat it',
    cure: 'Name the package as a boundary in resprout.config.json, or put the whole exchange into one activity(), whose result is recorded',
    exit: 1,
  },
  PLATFORM_UNSUPPORTED: { means: 'This platform is not supported', cure: 'Use Linux, macOS or WSL', exit: 4 },
  PRIME_BUILD_FAILED: { means: 'Building this folder failed', cure: 'Correct what the last lines of the build say', exit: 4 },
  PRIME_CONFIG_INVALID: {
    means: 'The configuration of the primer cannot be used',
    cure: 'Correct the line that the message names',
    exit: 4,
  },
  PRIME_INSTALL_FAILED: { means: 'Installing the packages failed', cure: 'Read the last lines of the installer above', exit: 4 },
  PRIME_INTEGRITY: {
    means: 'A download is not the one whose integrity is committed',
    cure: 'Check the registry or proxy that serves it',
    exit: 4,
  },
  PRIME_LOCK_TIMEOUT: {
    means: 'Another process is preparing this folder and does not finish',
    cure: 'End that process, then run the command again',
    exit: 4,
  },
  PRIME_NO_NODE: {
    means: 'The required Node could not be found or fetched',
    cure: 'Check the network and the npm registry setting',
    exit: 4,
  },
  PRIME_NO_NPM: { means: 'No npm on this machine can be run', cure: 'Install Node with npm, any version from 12 on', exit: 4 },
  PRIME_NO_STATE: { means: 'There is no state of this name', cure: 'Use one of the names that the message lists', exit: 2 },
  PRIME_OFFLINE: {
    means: 'A file is not in the cache and the network may not be used',
    cure: 'Run once with network, or without --offline',
    exit: 4,
  },
  PROGRAM_FAILED: {
    means: 'The program threw an error that it did not catch',
    cure: 'Mend the cause, then resprout resume SESSION --retry goes on from the failed call; with --build FILE for a corrected program',
    exit: 1,
  },
  PROGRAM_STALLED: {
    means: 'The program waits for something that nothing can bring any more',
    cure: 'Look for a promise that nobody settles, or an event that was over before somebody listened',
    exit: 1,
  },
  REMOTE_AUTH_FAILED: { means: 'The host refused the key or the password', cure: 'Check the user name, the key and the agent', exit: 4 },
  REMOTE_AUTH_NEEDED: {
    means: 'The host asks a question and nobody can answer it',
    cure: 'Run on a terminal, use an agent, or give an answer callback',
    exit: 4,
  },
  REMOTE_CALL_ABORTED: { means: 'The call was aborted by its signal', cure: 'Nothing to do if you aborted it yourself', exit: 1 },
  REMOTE_CALL_LIMIT: { means: 'Too many calls wait on one context', cure: 'Await some of them before starting more', exit: 1 },
  REMOTE_CALL_TIMEOUT: {
    means: 'The call did not answer within its time',
    cure: 'Raise timeoutMs or find out why the function hangs',
    exit: 1,
  },
  REMOTE_CLOSED: { means: 'The context was closed by this program', cure: 'Open it again before calling', exit: 1 },
  REMOTE_CONNECT_FAILED: {
    means: 'The context could not be opened',
    cure: 'Check the name, the port and the network from this machine; ssh -v shows where a connection stops',
    exit: 4,
  },
  REMOTE_CONNECT_TIMEOUT: {
    means: 'The context did not open within its time',
    cure: 'Check the host and the network, or raise connectTimeoutMs',
    exit: 4,
  },
  REMOTE_EXITED: {
    means: 'The called function ended its process',
    cure: 'Return from the function instead of calling process.exit',
    exit: 1,
  },
  REMOTE_FUNCTION_MISSING: { means: 'The file has no such function', cure: 'Use one of the names that the message lists', exit: 2 },
  REMOTE_FUNCTION_NOT_TOP_LEVEL: {
    means: 'The function cannot travel, since the far side cannot find it by its place',
    cure: 'Move it to the top level of a file and pass what it needs as arguments',
    exit: 1,
  },
  REMOTE_HOST_KEY_CHANGED: {
    means: 'The key of the host is not the known one',
    cure: 'Find out why it changed before you remove the old one with ssh-keygen -R',
    exit: 4,
  },
  REMOTE_HOST_KEY_UNKNOWN: {
    means: 'The key of the host is not known here',
    cure: 'Connect once with ssh and accept it, or give its fingerprint',
    exit: 4,
  },
  REMOTE_LOST: { means: 'The link to the context was lost', cure: 'Check the host and the network', exit: 4 },
  REMOTE_MAIN_UNGUARDED: {
    means: 'The program file would run again on the far side',
    cure: 'Put the call behind if (import.meta.main)',
    exit: 1,
  },
  REMOTE_MODULE_DENIED: {
    means: 'The policy forbids serving this module',
    cure: 'Move the file inside the project, or call a function of another file',
    exit: 1,
  },
  REMOTE_MODULE_MISSING: {
    means: 'A module that the far side asks for cannot be found',
    cure: 'Install the package or correct the path in the import',
    exit: 1,
  },
  REMOTE_NODE_MISSING: {
    means: 'The far side has no Node',
    cure: 'Install Node 22.18 or newer there, or name one with ?node=PATH',
    exit: 4,
  },
  REMOTE_NODE_TOO_OLD: {
    means: 'Every Node of the far side is too old',
    cure: 'Install Node 22.18 or newer there, or name one with ?node=PATH',
    exit: 4,
  },
  REMOTE_NOT_A_FUNCTION: {
    means: 'call() was given something that is not a function',
    cure: 'Give a function or fnRef(import.meta, name) first',
    exit: 1,
  },
  REMOTE_NOT_HERE: {
    means: 'This part of the package works on the controller only',
    cure: 'Call it in the program, not in a function that runs on the far side',
    exit: 1,
  },
  REMOTE_PROTOCOL: {
    means: 'The peer broke the protocol and the link was ended',
    cure: 'Make sure that both sides run the same version',
    exit: 4,
  },
  REMOTE_SOURCE_CHANGED: { means: 'A file is not the text that this program runs', cure: 'Start the program again', exit: 1 },
  REMOTE_TARGET_INVALID: {
    means: 'The text does not name a target',
    cure: 'Write local:NAME, ssh://user@host:port or several joined by +',
    exit: 2,
  },
  REMOTE_VALUE_UNSENDABLE: {
    means: 'A value cannot cross to another process',
    cure: 'Send plain data; the message names the place inside the value',
    exit: 1,
  },
  RUNNER_LOST: {
    means: 'The process that runs the program ended unexpectedly',
    cure: 'Resume the session; if it ends again at the same place, look at that call',
    exit: 4,
  },
  RUN_EXPORT_MISSING: { means: 'The file has no such exported function', cure: 'Use one of the names that the message lists', exit: 2 },
  RUN_FILE_MISSING: { means: 'The program file does not exist', cure: 'Check the path', exit: 2 },
  SEAL_KEY_MISSING: {
    means: 'What a session recorded is sealed, and its key is not there',
    cure: 'Put the key where seal.key in resprout.config.json says; without it nothing can read what was sealed',
    exit: 4,
  },
  SEAL_KEY_UNSAFE: {
    means: 'The key of sealed sessions can be read by others, or lies where it seals nothing',
    cure: 'Correct owner, permissions and place as the message says',
    exit: 4,
  },
  SEAL_KEY_WRONG: {
    means: 'The key is not the one that a session was sealed with',
    cure: 'Name the key that it was sealed with in resprout.config.json',
    exit: 4,
  },
  SESSION_CANCELLED: { means: 'The session was cancelled', cure: 'Nothing to do if you cancelled it yourself', exit: 1 },
  SESSION_ENDED: {
    means: 'The session has already ended',
    cure: 'Look at it with resprout show; one that failed goes on with resprout resume SESSION --retry',
    exit: 2,
  },
  SESSION_FENCED: { means: 'Another owner took the session over', cure: 'Look at the session with resprout sessions', exit: 4 },
  SESSION_FOLDER_MISSING: {
    means: 'The folder in which the session began is not there',
    cure: 'Put the folder back, then resume the session',
    exit: 4,
  },
  SESSION_HELD: {
    means: 'The session is running in another process',
    cure: 'Follow it with resprout show --follow, or wait for it to end',
    exit: 4,
  },
  SESSION_ID_AMBIGUOUS: { means: 'More than one session begins with this id', cure: 'Give more characters of the id', exit: 2 },
  SESSION_MISSING: { means: 'There is no such session in this store', cure: 'List the sessions with resprout sessions', exit: 2 },
  SESSION_PARKED: { means: 'The session is parked and can be resumed', cure: 'Run resprout resume with the id of the session', exit: 3 },
  SESSION_PROCESS_WIDE: {
    means: 'The call changes the whole process, which other sessions share',
    cure: 'Give the session a process of its own',
    exit: 1,
  },
  STORE_IO: {
    means: 'The store could not be read or written',
    cure: 'Check the disk, then resume: everything that was answered is kept',
    exit: 4,
  },
  STORE_UNSAFE: { means: 'The store cannot be trusted as it is', cure: 'Correct owner and permissions as the message says', exit: 4 },
  STREAM_INTERRUPTED: {
    means: 'A stream was cut off when the session moved to another process',
    cure: 'Catch the error and read it again from a place you remember',
    exit: 1,
  },
  TRANSFORM_SYNTAX: { means: 'A source file has a syntax error', cure: 'Correct the line that the message names', exit: 2 },
  TRANSFORM_UNSUPPORTED: {
    means: 'A source file uses a form that cannot run durably',
    cure: 'Rewrite the line as the message says',
    exit: 2,
  },
  USAGE: { means: 'The command line cannot be understood', cure: 'Read resprout --help', exit: 2 },
  WIRE_BAD_FRAME: {
    means: 'The bytes on the link are not frames of this protocol',
    cure: 'Make sure that both sides run the same version',
    exit: 4,
  },
  WIRE_BAD_VALUE: { means: 'The bytes are not a value of this protocol', cure: 'Make sure that both sides run the same version', exit: 4 },
  WIRE_LIMIT: { means: 'A frame or value is larger than its limit', cure: 'Send it in parts', exit: 1 },
} as const;
ERROR_CODES satisfies Readonly<Record<string, ErrorKind>>;

/** Codes of earlier versions. They are never used again, so that an old document never explains a new error. */
export const RETIRED_CODES: readonly string[] = ['RUN_NO_ENTRY'];

/** A code of the table. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** Whether a text is a code of the table (an own key of it, nothing inherited). */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERROR_CODES, text);
}
