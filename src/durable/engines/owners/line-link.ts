import type { Link } from '../../../base/seams/link.ts';

const LONGEST_LINE_BYTES = 4096;

/** Calls `take` for each line of JSON that arrives. A line that is too long or no JSON ends the link. */
export function onLines(link: Link, take: (line: unknown) => void): void {
  const decoder = new TextDecoder();
  let rest = '';
  link.onData((bytes) => {
    rest += decoder.decode(bytes, { stream: true });
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 1);
      let value: unknown;
      try {
        value = JSON.parse(line);
      } catch {
        link.close('sent a line that is no JSON');
        return;
      }
      take(value);
    }
    if (rest.length > LONGEST_LINE_BYTES) link.close('sent a line that is too long');
  });
}

/** Sends one value as a line. */
export function sendLine(link: Link, value: unknown): void {
  link.send(new TextEncoder().encode(`${JSON.stringify(value)}\n`));
}
