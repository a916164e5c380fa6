import { brandOf, textOf } from '../../replay/kinds/brand-of.ts';

/** What the functions of a user file look like before the transform. */
export interface OriginalText {
  readonly text: string;
  /** Start and end of what `toString` of function `n` shows. */
  readonly shown: readonly (readonly [number, number])[];
}

/**
 * Makes `Function.prototype.toString` show functions of user files as they were written, those of TypeScript without their types: code that
 * ships functions as text works. All other functions show what they always did.
 * @param find the text of a file by its key, asked once per call; undefined when it is not at hand, then the emitted text is shown
 * @returns puts the original back
 */
export function showOriginalTexts(find: (key: string) => OriginalText | undefined): () => void {
  const original = Object.getOwnPropertyDescriptor(Function.prototype, 'toString');
  if (original === undefined) return () => undefined;
  const { toString } = {
    toString(this: object): string {
      if (this === toString) return textOf(Reflect.get(original, 'value') as object);
      const brand = brandOf(this);
      const file = brand === undefined ? undefined : find(brand.key);
      const range = brand === undefined ? undefined : file?.shown[brand.n];
      return file === undefined || range === undefined ? textOf(this) : file.text.slice(range[0], range[1]);
    },
  };
  Object.defineProperty(Function.prototype, 'toString', { ...original, value: toString });
  return () => {
    Object.defineProperty(Function.prototype, 'toString', original);
  };
}
