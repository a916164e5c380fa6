// Codes of programs, their builds and sessions, of stores, the primer and the command line: the rest of the table in `error-codes.ts`.
import type { ErrorKind } from './error-kind.ts';

/** In alphabetical order. */
export const PROGRAM_CODES = {
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
  GROUP_CALL_ABORTED: { means: 'A call of a group was aborted by its signal', cure: 'Nothing to do if you aborted it yourself', exit: 1 },
  GROUP_CALL_LATE: {
    means: 'A call of a group was not answered within its time',
    cure: 'Raise callMs or timeoutMs, give the group more replicas, or find out why the method hangs',
    exit: 1,
  },
  GROUP_CLOSED: { means: 'A group is closed, or takes no calls any more', cure: 'Call it before it is drained or closed', exit: 1 },
  GROUP_NOT_CHANGED: {
    means: 'A group could not be scaled or updated, and is as it was before',
    cure: 'Mend what the cause says, then change it again',
    exit: 1,
  },
  GROUP_QUEUE_FULL: {
    means: 'As many calls wait for a replica of a group as may',
    cure: 'Await some of them, give the group more replicas, or raise queue',
    exit: 1,
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
  PRIME_ENVIRONMENT: {
    means: 'The link to the selected environment and the configuration disagree, or the link cannot be used',
    cure: 'Go over to one of them: ./prime --env NAME',
    exit: 4,
  },
  PRIME_INSTALL_FAILED: { means: 'Installing the packages failed', cure: 'Read the last lines of the installer above', exit: 4 },
  PRIME_INTEGRITY: {
    means: 'A download is not the one whose integrity is committed',
    cure: 'Check the registry or proxy that serves it',
    exit: 4,
  },
  PRIME_INTERNAL: {
    means: 'The primer met an error that it does not know',
    cure: 'Run it again with --verbose and report what it prints',
    exit: 4,
  },
  PRIME_IO: {
    means: 'The system refuses a file operation while a folder is prepared',
    cure: 'Do what the message says of that place, then run the command again',
    exit: 4,
  },
  PRIME_IN_THE_WAY: {
    means: 'A file of the primer cannot be written, since another one is there',
    cure: 'Rename it, then run the command again',
    exit: 4,
  },
  PRIME_LOCK_TIMEOUT: {
    means: 'Another process is preparing this folder and does not finish',
    cure: 'End that process, then run the command again',
    exit: 4,
  },
  PRIME_NO_KERNEL: {
    means: 'No kernel of the primer is in the folder of this program or above it',
    cure: 'Write it with npx resprout prime init',
    exit: 4,
  },
  PRIME_NO_MAIN: {
    means: 'The program that should run in the prepared folder, or its export, is not there',
    cure: 'Correct FILE:EXPORT where it is started',
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
  PRIME_PLATFORM: { means: 'The primer does not run on this platform', cure: 'Use Linux, macOS or WSL', exit: 4 },
  PRIME_REGISTRY: {
    means: 'The registry does not answer, or lacks what it was asked for',
    cure: 'Check the network and the npm settings, then run the command again',
    exit: 4,
  },
  PRIME_STATES_INVALID: {
    means: 'The module that adds states to the primer cannot be used as it is',
    cure: 'Correct it at the place that the message names',
    exit: 4,
  },
  PRIME_STATE_FAILED: {
    means: 'A state of this repository could not be reached',
    cure: 'Correct what it says, then run it again',
    exit: 4,
  },
  PRIME_UPDATE: {
    means: 'The kernel of the primer was not renewed; the old one is as it was',
    cure: 'Do what the message says, then run the command again',
    exit: 4,
  },
  PRIME_USAGE: { means: 'The command line of the primer is not understood', cure: 'Read ./prime --help', exit: 2 },
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
  RUNNER_LOST: {
    means: 'The process that runs the program ended unexpectedly',
    cure: 'Resume the session; if it ends again at the same place, look at that call',
    exit: 4,
  },
  RUNTIME_INVALID: {
    means: 'What was given to be supervised is no Runtime, or cannot be found where it is to run',
    cure: 'Give an exported class or object of a file, with a function run',
    exit: 1,
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
  SUPERVISE_GAVE_UP: {
    means: 'A supervisor restarted its units as often as it may, and one ended again',
    cure: 'Mend what the cause says; raise the budget only when units may end that often',
    exit: 1,
  },
  SUPERVISE_INVALID: {
    means: 'An option or a declaration of a supervisor is of the wrong type or out of range',
    cure: 'Give it as documented',
    exit: 1,
  },
  SUPERVISE_UNREACHED: {
    means: 'Nobody supervises this file, or whoever does gives no answer',
    cure: 'Start it with resprout supervise FILE; name the file as it was named there',
    exit: 4,
  },
  TRANSFORM_SYNTAX: { means: 'A source file has a syntax error', cure: 'Correct the line that the message names', exit: 2 },
  TRANSFORM_UNSUPPORTED: {
    means: 'A source file uses a form that cannot run durably',
    cure: 'Rewrite the line as the message says',
    exit: 2,
  },
  UNIT_FAILED: {
    means: 'A supervised unit failed',
    cure: 'The message names the phase, the cause has the stack of the place where it ran',
    exit: 1,
  },
  UNIT_LATE: {
    means: 'A supervised unit was not ready, or did not show that it is alive, within its time',
    cure: 'Give it more time, or look what it waits for',
    exit: 1,
  },
  UNIT_LEAKED: {
    means: 'A unit could not be ended by any means',
    cure: 'Look at what the message names: it may still run',
    exit: 4,
  },
  UNIT_LOST: {
    means: 'A unit ended before it had answered a call: nobody knows how far that came',
    cure: 'Call again when the work may be done twice; the end of the unit says why it ended',
    exit: 1,
  },
  UNIT_STOPPED: {
    means: 'A unit was stopped before it was ready',
    cure: 'Nothing to do if you stopped it yourself',
    exit: 1,
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
PROGRAM_CODES satisfies Readonly<Record<string, ErrorKind>>;
