// Where something stands in a JSON text, for messages. The text was parsed before: this only looks for places.

/** Line (1-based) of the key that a path of keys leads to; 1 when it cannot be found. */
export function lineOfKey(text: string, keys: readonly string[]): number {
  let from = 0;
  for (const key of keys) {
    const quoted = JSON.stringify(key);
    let at = text.indexOf(quoted, from);
    while (at !== -1 && !/^\s*:/.test(text.slice(at + quoted.length))) at = text.indexOf(quoted, at + 1);
    if (at === -1) break;
    from = at;
  }
  return text.slice(0, from).split('\n').length;
}

/** Line of a syntax error, from what JSON.parse of any Node says about it. */
export function lineOfSyntaxError(text: string, message: string): number {
  const line = /line (\d+)/.exec(message);
  if (line !== null) return Number(line[1]);
  const position = /position (\d+)/.exec(message);
  return position === null ? text.split('\n').length : text.slice(0, Number(position[1])).split('\n').length;
}
