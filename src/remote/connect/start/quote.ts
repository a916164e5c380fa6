/**
 * One word for a shell. The result may be quoted again, once per further shell on the way.
 * Single quotes around everything, a single quote inside as `'"'"'`: that form survives sh, bash, zsh, ksh, fish and csh three deep, where
 * `'\''` does not. Line ends end a csh word and fish reads `\` inside single quotes, so both are refused, and NUL with them.
 *
 * @throws TypeError for a word with NUL, a line end or `\`
 */
export function quote(word: string): string {
  if (/[\0\n\r\\]/.test(word)) throw new TypeError('a word with NUL, a line end or a backslash cannot be quoted for every shell');
  return `'${word.replaceAll("'", `'"'"'`)}'`;
}
