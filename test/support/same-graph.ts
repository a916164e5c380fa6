// Deep equality for codecs: types, holes, -0, own fields and the shape of the graph (what is shared and what is cyclic) are all the same.

/** Undefined when both are the same, else where and how they differ. */
export function graphDifference(one: unknown, other: unknown): string | undefined {
  return compare(one, other, 'value', new Map(), new Map());
}

type Seen = Map<object, object>;

function compare(one: unknown, other: unknown, path: string, there: Seen, back: Seen): string | undefined {
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null)
    return Object.is(one, other) ? undefined : `${path}: ${String(one)} and ${String(other)}`;
  const known = there.get(one);
  if (known !== undefined || back.has(other)) return known === other ? undefined : `${path}: shared differently`;
  there.set(one, other);
  back.set(other, one);
  if (Object.getPrototypeOf(one) !== Object.getPrototypeOf(other)) return `${path}: prototypes differ`;
  return content(one, other, path, there, back) ?? fields(one, other, path, there, back);
}

function content(one: object, other: object, path: string, there: Seen, back: Seen): string | undefined {
  if (one instanceof Map && other instanceof Map) return list([...one].flat(), [...other].flat(), `${path}.map`, there, back);
  if (one instanceof Set && other instanceof Set) return list([...one], [...other], `${path}.set`, there, back);
  if (one instanceof Date && other instanceof Date) return compare(one.getTime(), other.getTime(), `${path}.time`, there, back);
  if (one instanceof RegExp && other instanceof RegExp)
    return compare(`${String(one)} ${one.lastIndex}`, `${String(other)} ${other.lastIndex}`, path, there, back);
  if (one instanceof URL && other instanceof URL) return compare(one.href, other.href, path, there, back);
  if (one instanceof ArrayBuffer && other instanceof ArrayBuffer) return octets(new Uint8Array(one), new Uint8Array(other), path);
  if (ArrayBuffer.isView(one) && ArrayBuffer.isView(other)) return octets(bytesOf(one), bytesOf(other), path);
  return undefined;
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

function octets(one: Uint8Array, other: Uint8Array, path: string): string | undefined {
  return one.length === other.length && one.every((byte, index) => byte === other[index]) ? undefined : `${path}: bytes differ`;
}

function list(one: readonly unknown[], other: readonly unknown[], path: string, there: Seen, back: Seen): string | undefined {
  if (one.length !== other.length) return `${path}: ${one.length} and ${other.length} parts`;
  for (const [index, part] of one.entries()) {
    const difference = compare(part, other[index], `${path}[${index}]`, there, back);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function fields(one: object, other: object, path: string, there: Seen, back: Seen): string | undefined {
  if (ArrayBuffer.isView(one)) return undefined;
  const names = Object.getOwnPropertyNames(one).sort();
  const otherNames = Object.getOwnPropertyNames(other).sort();
  if (names.join() !== otherNames.join()) return `${path}: fields ${names.join()} and ${otherNames.join()}`;
  for (const name of names) {
    const [mine, theirs] = [Object.getOwnPropertyDescriptor(one, name), Object.getOwnPropertyDescriptor(other, name)];
    if (mine?.enumerable !== theirs?.enumerable) return `${path}.${name}: one is enumerable`;
    const difference = compare(valueOf(mine, one), valueOf(theirs, other), `${path}.${name}`, there, back);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** `stack` may be an accessor of V8. */
function valueOf(property: PropertyDescriptor | undefined, holder: object): unknown {
  return property?.get === undefined ? property?.value : (property.get.call(holder) as unknown);
}
