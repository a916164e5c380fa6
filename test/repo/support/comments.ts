// Code and comments of a source text, told apart by its literals: a `//` inside a text is no comment.
const PARTS = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[^]|[^`\\])*`|\/\/[^\n]*|\/\*[^]*?\*\//g;

const isComment = (part: string): boolean => part.startsWith('//') || part.startsWith('/*');

/** The text without its comments. */
export function codeOf(text: string): string {
  return text.replace(PARTS, (part) => (isComment(part) ? ' ' : part));
}

/** The comments of a text, in order. */
export function commentsOf(text: string): string[] {
  return [...text.matchAll(PARTS)].map(([part]) => part).filter(isComment);
}
