// Which releases of Node a text names: one, a range as package.json has them, or the beginning of a version.

type Numbers = readonly [number, number, number];

interface Comparator {
  readonly least: Numbers | undefined;
  readonly below: Numbers | undefined;
}

/** Releases that a text names. */
export interface VersionRange {
  readonly text: string;
  /** The one release when the text names exactly one. */
  readonly exact: string | undefined;
  accepts(version: string): boolean;
}

const PARTIAL = String.raw`v?(\d+|[xX*])(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?`;
const COMPARATOR = new RegExp(`^(\\^|~>?|>=|<=|>|<|=)?\\s*${PARTIAL}$`);

/** The numbers of a version, without what follows them. */
export function numbersOf(version: string): Numbers {
  const [, major = '0', minor = '0', patch = '0'] = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(version) ?? [];
  return [Number(major), Number(minor), Number(patch)];
}

function compare(a: Numbers, b: Numbers): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** Below zero when the first one is older. */
export const compareVersions = (a: string, b: string): number => compare(numbersOf(a), numbersOf(b));

/** The first version after all that begin with these parts; undefined when there is no end. */
function after(parts: readonly number[]): Numbers | undefined {
  const [major, minor, patch] = parts;
  if (major === undefined) return undefined;
  if (minor === undefined) return [major + 1, 0, 0];
  if (patch === undefined) return [major, minor + 1, 0];
  return [major, minor, patch + 1];
}

function caretEnd([major = 0, minor, patch]: readonly number[]): Numbers {
  if (major > 0 || minor === undefined) return [major + 1, 0, 0];
  if (minor > 0 || patch === undefined) return [0, minor + 1, 0];
  return [0, 0, patch + 1];
}

function comparator(text: string): Comparator | undefined {
  const [, operator = '', ...words] = COMPARATOR.exec(text) ?? [];
  if (words[0] === undefined) return undefined;
  const wild = words.findIndex((word) => word === undefined || /^[xX*]$/.test(word));
  const parts = words.slice(0, wild === -1 ? 3 : wild).map(Number);
  const [major = 0, minor = 0, patch = 0] = parts;
  const least: Numbers = [major, minor, patch];
  if (parts.length === 0) return { least: undefined, below: undefined };
  switch (operator) {
    case '^':
      return { least, below: caretEnd(parts) };
    case '~':
    case '~>':
      return { least, below: after(parts.slice(0, 2)) };
    case '>=':
      return { least, below: undefined };
    case '>':
      return { least: after(parts), below: undefined };
    case '<':
      return { least: undefined, below: least };
    case '<=':
      return { least: undefined, below: after(parts) };
    default:
      return { least, below: after(parts) };
  }
}

/** The comparators of one alternative; undefined when one is not understood. */
function alternative(text: string): readonly Comparator[] | undefined {
  const hyphen = /^(\S+)\s+-\s+(\S+)$/.exec(text);
  const words =
    hyphen === null ? text.replace(/(\^|~>?|>=|<=|>|<|=)\s+/g, '$1').split(/\s+/) : [`>=${hyphen[1] ?? ''}`, `<=${hyphen[2] ?? ''}`];
  const found = words.filter((word) => word !== '').map(comparator);
  return found.every((one): one is Comparator => one !== undefined) ? found : undefined;
}

/** Reads a text such as `26.10.0`, `22`, `>=20.17 <23 || ^24`; undefined when it is none. An empty text names every release. */
export function parseRange(text: string): VersionRange | undefined {
  const trimmed = text.trim();
  const alternatives = trimmed.split('||').map((one) => alternative(one.trim()));
  if (!alternatives.every((one): one is readonly Comparator[] => one !== undefined)) return undefined;
  return {
    text: trimmed,
    exact: /^=?\s*v?\d+\.\d+\.\d+$/.test(trimmed) ? numbersOf(trimmed.replace(/^=?\s*/, '')).join('.') : undefined,
    accepts(version) {
      const numbers = numbersOf(version);
      return alternatives.some((all) =>
        all.every(
          ({ least, below }) =>
            (least === undefined || compare(numbers, least) >= 0) && (below === undefined || compare(numbers, below) < 0),
        ),
      );
    },
  };
}
