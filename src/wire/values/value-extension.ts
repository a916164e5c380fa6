/**
 * One entry of the codec's extension table: a kind of value that the codec itself does not know.
 * Both ends need the same tag. Tags are given out in extension-tags.ts.
 */
export interface ValueExtension {
  readonly tag: number;
  /** For messages, such as `Secret`. */
  readonly name: string;
  /**
   * Whether this entry writes `value`. Asked for functions, symbols and every object that is neither a plain object nor an array,
   * before the codec's own kinds, in table order.
   */
  matches(value: unknown): boolean;
  /** What is written in its place: any value that the codec takes. @param path where it stands, such as `arguments[0].token` */
  encode(value: unknown, path: string): unknown;
  /** Makes the value from what `encode` gave. The payload is hostile: check it, and throw when it is wrong. */
  decode(payload: unknown): unknown;
  /**
   * The own enumerable properties of the value follow the payload and are set on what `decode` made: for class instances, so that
   * cycles and shared references through their fields are kept.
   */
  readonly withFields?: true;
}

/**
 * What an extension may decode to when it stands for a property and not for a value: whoever sets it on an object calls `define`
 * instead. Anywhere but in a field of an object it is WIRE_BAD_VALUE.
 */
export class PropertyHook {
  readonly define: (target: object, key: string) => void;
  constructor(define: (target: object, key: string) => void) {
    this.define = define;
  }
}
