const TYPO_LETTERS = 2;

/** Names that somebody may have meant, the nearest first: at most two letters differ in four, one contains the other, or they share a part. */
export function nearNames(asked: string, names: readonly string[], most = 4): string[] {
  const wanted = asked.toUpperCase();
  const found = names
    .map((name) => ({ name, far: farness(wanted, name.toUpperCase()) }))
    .filter(({ far }) => far < Number.POSITIVE_INFINITY)
    .toSorted((a, b) => a.far - b.far)
    .slice(0, most);
  // A name that was nearly written is the one: others would only distract.
  const isTypo = (found[0]?.far ?? 0) <= TYPO_LETTERS;
  return found.filter(({ far }) => !isTypo || far <= TYPO_LETTERS).map(({ name }) => name);
}

/** 0 is the same; whole numbers are letters that differ; above 100 they have something in common; infinite is nothing alike. */
function farness(asked: string, name: string): number {
  const letters = editDistance(asked, name);
  if (letters <= Math.max(1, Math.min(asked.length, name.length) / 2 - 1)) return letters;
  if (asked.length > 2 && (name.includes(asked) || asked.includes(name))) return 100 + Math.abs(name.length - asked.length);
  const parts = new Set(name.split('_'));
  return asked.split('_').some((part) => part.length > 3 && parts.has(part)) ? 200 + letters : Number.POSITIVE_INFINITY;
}

/** Letters to insert, take out, replace or swap with their neighbour to make one text of the other. */
export function editDistance(one: string, other: string): number {
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const isSame = one[i - 1] === other[j - 1];
      let least = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (isSame ? 0 : 1));
      const isSwapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      if (isSwapped) least = Math.min(least, (before[j - 2] ?? 0) + 1);
      next.push(least);
    }
    before = row;
    row = next;
  }
  return row[other.length] ?? 0;
}
