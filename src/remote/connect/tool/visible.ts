/** Text from far in one of our messages: control and direction characters in a visible form, one line, at most `limit` characters. */
export function visible(text: string, limit = 400): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}…` : text;
  // oxlint-disable-next-line no-control-regex -- control characters are what is made visible
  const unsafe = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
  return cut.replace(/\r?\n/g, ' ').replace(unsafe, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`);
}
