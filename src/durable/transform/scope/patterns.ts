import type { AnyNode, Identifier } from 'acorn';

/** The identifiers that a pattern binds or assigns, in order. Members (`[o.x] = y`) are none. */
export function* patternIdentifiers(pattern: AnyNode | null): Iterable<Identifier> {
  if (pattern === null) return;
  switch (pattern.type) {
    case 'Identifier':
      yield pattern;
      break;
    case 'ParenthesizedExpression':
      yield* patternIdentifiers(pattern.expression);
      break;
    case 'ObjectPattern':
      for (const property of pattern.properties)
        yield* patternIdentifiers(property.type === 'RestElement' ? property.argument : property.value);
      break;
    case 'ArrayPattern':
      for (const element of pattern.elements) yield* patternIdentifiers(element);
      break;
    case 'AssignmentPattern':
      yield* patternIdentifiers(pattern.left);
      break;
    case 'RestElement':
      yield* patternIdentifiers(pattern.argument);
      break;
    default:
      break;
  }
}
