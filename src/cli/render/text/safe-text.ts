// Text from a far side, a child or a journal is data: it must not move the cursor, set a title, or forge a line of ours.

const NAMED: Readonly<Record<string, string>> = { '\r': '\\r', '\b': '\\b', '\u001b': '\\e', '\u007f': '\\x7f' };
// C0 but tab and newline, DEL, C1, and the bidirectional controls.
// oxlint-disable-next-line no-control-regex -- finding control characters is this file's job
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** The text with every control character shown as a visible form. Tabs and newlines stay. */
export function safeText(text: string): string {
  return text.replaceAll(UNSAFE, (mark) => NAMED[mark] ?? escapeOf(mark));
}

function escapeOf(mark: string): string {
  const code = mark.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** The text on one line: line ends shown as visible forms too. */
export function safeLine(text: string): string {
  return safeText(text).replaceAll('\n', '\\n').replaceAll('\t', ' ');
}
