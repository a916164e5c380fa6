// Patterns for names and paths, as small as people write them: `*` is any text without a slash, `?` one character of it, `**` any number of folders.

const SPECIAL = /[\\^$.|+()[\]{}]/g;

/** Whether a text is as a pattern says, from its beginning to its end. */
export function matchesGlob(text: string, glob: string): boolean {
  const source = glob
    .split(/(\*\*\/|\*\*|\*|\?)/)
    .map((part) => {
      if (part === '**/') return '(?:[^/]+/)*';
      if (part === '**') return '.*';
      if (part === '*') return '[^/]*';
      return part === '?' ? '[^/]' : part.replace(SPECIAL, String.raw`\$&`);
    })
    .join('');
  return new RegExp(`^${source}$`, 's').test(text);
}
