// Codes of contexts, of their commands and of their files: the part of the table in `error-codes.ts` that speaks of other machines.
import type { ErrorKind } from './error-kind.ts';

/** In alphabetical order. */
export const REACH_CODES = {
  COMMAND_FAILED: {
    means: 'A command of the far side ended with an exit code other than 0, or by a signal',
    cure: 'Read its last lines; with reject: false a program gets the result in place of this error',
    exit: 1,
  },
  COMMAND_INVALID: {
    means: 'No command can be made of what was given',
    cure: 'Write words, and texts, numbers, Secrets, results or arrays of them in ${…}',
    exit: 1,
  },
  COMMAND_NOT_STARTED: {
    means: 'The far side could not start a command',
    cure: 'Check its name, the PATH of the far process and the folder; ~ and wildcards need shell: true',
    exit: 1,
  },
  COMMAND_OUTPUT_LIMIT: {
    means: 'A command of the far side wrote more than it may, and was ended',
    cure: 'Iterate its lines, write its output to a file there, or raise maxBufferBytes',
    exit: 1,
  },
  COMMAND_STOPPED: {
    means: 'A command of the far side was ended before its own end',
    cure: 'Read its lines to the end, and what it reads must come to its end too',
    exit: 1,
  },
  COMMAND_TIMEOUT: {
    means: 'A command of the far side did not end within its time, and was ended',
    cure: 'Raise timeoutMs or find out why it hangs',
    exit: 1,
  },
  FILE_CHANGED: {
    means: 'A file is not what it was when its transfer began, or did not arrive as it was sent',
    cure: 'Copy it again when nobody writes to it',
    exit: 1,
  },
  FILE_DENIED: {
    means: 'The system does not let this user read or write a file',
    cure: 'Look at its owner and mode on the side that the message names, or copy as another user',
    exit: 1,
  },
  FILE_FULL: { means: 'There is no room for a file', cure: 'Make room on the disk or in the quota, or copy to another place', exit: 1 },
  FILE_IO: {
    means: 'A file or folder could not be read or written',
    cure: 'Look at its owner, its mode and its disk, then run the command again',
    exit: 4,
  },
  FILE_KIND: {
    means: 'A path is of another kind than is needed: a folder, an ordinary file, or neither',
    cure: 'Name the file itself, or remove what is in its place',
    exit: 1,
  },
  FILE_MISSING: {
    means: 'A file, or the folder that it should be put into, is not there',
    cure: 'Check the path, or make the folder first',
    exit: 1,
  },
  FILE_TOO_LARGE: {
    means: 'A file has more bytes than a value may have, or a folder more files than a transfer',
    cure: 'Copy it with files.get or files.put, or its folders one by one',
    exit: 1,
  },
  FILE_UNSAFE: {
    means: 'The other side named a path that lies outside of what is copied',
    cure: 'Do not trust that side; nothing was written outside of the folder',
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
  REMOTE_DETACH_REFUSED: {
    means: 'The context cannot live on without this program, or not be taken over by it; nothing has changed',
    cure: 'Do what the message says, or close it',
    exit: 1,
  },
  REMOTE_DETACHED: { means: 'The context was detached by this program', cure: 'Call attach with the token that detach returned', exit: 1 },
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
    cure: 'Install Node 22.18 or newer there, name one with ?node=PATH, or let one be put there with pushNode: true (?pushNode=1)',
    exit: 4,
  },
  REMOTE_NODE_TOO_OLD: {
    means: 'Every Node of the far side is too old',
    cure: 'Install Node 22.18 or newer there, name one with ?node=PATH, or let one be put there with pushNode: true (?pushNode=1)',
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
  REMOTE_NOT_STARTED: {
    means: 'A call or an opening of many was not started, because too many before it had failed',
    cure: 'Look at the errors of those that failed, then do the rest',
    exit: 1,
  },
  REMOTE_NOT_DETACHED: {
    means: 'There is no detached context that this token belongs to',
    cure: 'Its lease is over, it has ended, or somebody has attached to it: open a new one',
    exit: 4,
  },
  REMOTE_PROTOCOL: {
    means: 'The peer broke the protocol and the link was ended',
    cure: 'Make sure that both sides run the same version',
    exit: 4,
  },
  REMOTE_PUSH_FAILED: {
    means: 'A Node could not be put on the far side: no place for it, no room, or it did not arrive as it was sent',
    cure: "Make room in a folder of that user that is not mounted noexec, or use pushNode: 'memory'; what had arrived is removed",
    exit: 4,
  },
  REMOTE_PUSH_IMPOSSIBLE: {
    means: 'There is no Node here that runs on the far side',
    cure: "Get one for its system and name its file with pushNode: { file: '/path/of/bin/node' }, or install Node 22.18 or newer there",
    exit: 4,
  },
  REMOTE_SOURCE_CHANGED: { means: 'A file is not the text that this program runs', cure: 'Start the program again', exit: 1 },
  REMOTE_TARGET_INVALID: {
    means: 'The text does not name a target',
    cure: 'Write local:NAME, ssh://USER@HOST:PORT, sudo:USER, docker:CONTAINER or several joined by +; docs/targets.md lists them all',
    exit: 2,
  },
  REMOTE_VALUE_UNSENDABLE: {
    means: 'A value cannot cross to another process',
    cure: 'Send plain data; the message names the place inside the value',
    exit: 1,
  },
} as const;
REACH_CODES satisfies Readonly<Record<string, ErrorKind>>;
