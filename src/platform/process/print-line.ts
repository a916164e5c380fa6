/** Prints one line of a far context to stderr, with control characters made visible, so that it cannot act on the terminal. */
export function printLine(text: string): void {
  process.stderr.write(`${text.replace(CONTROL, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)}\n`);
}

// C0 but tab, DEL, C1, and marks that turn the direction of text.
// oxlint-disable-next-line no-control-regex -- these are what is replaced
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
