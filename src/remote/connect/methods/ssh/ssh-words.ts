// Lines of ssh that our log level would hide. A client from 8.5 on writes them when it is asked by the function that does (`LogVerbose`).

/** A server that gives no session, and one that says nothing any more, where the user's configuration has an eye on that. */
export const ASKED_FOR = 'channels.c:channel_input_open_failure():*,clientloop.c:server_alive_check():*';

/** Where a line comes from, as it stands before those that were asked for: `channels.c:channel_input_open_failure():3563 (pid=7): `. */
const ORIGIN = /^(debug\d: )?\w+\.c:\w+\(\):\d+(?: \(pid=\d+\))?: /;

/** A line as ssh writes it without being asked; undefined for what it writes beside. */
export function plainWord(line: string): string | undefined {
  const origin = ORIGIN.exec(line);
  if (origin === null) return line;
  return origin[1] === undefined ? line.slice(origin[0].length) : undefined;
}
