/** An event of a class that not every Node shows; one that does not has an Event with the same fields. */
export function makeEvent(name: 'CloseEvent' | 'ErrorEvent', type: string, fields: Readonly<Record<string, unknown>>): Event {
  const Class: unknown = Reflect.get(globalThis, name);
  if (typeof Class === 'function') return new (Class as new (type: string, init: object) => Event)(type, fields);
  const event = new Event(type);
  for (const [key, value] of Object.entries(fields)) Object.defineProperty(event, key, { value, enumerable: true, configurable: true });
  return event;
}
