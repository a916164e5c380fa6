import type { Inspector } from '../../../platform/engine/inspector.ts';

/**
 * Finds the url of the script that a function is defined in; undefined for native ones. A batch of new scripts costs one short stay of
 * the debugger, a known one none.
 */
export function createLocator(inspector: Inspector): (fn: object) => string | undefined {
  let urls: ReadonlyMap<string, string> = new Map();
  return (fn) => {
    const facts = inspector.facts(fn);
    const scriptId = facts.place?.scriptId ?? facts.target?.scriptId;
    if (scriptId === undefined) return undefined;
    const known = urls.get(scriptId);
    if (known !== undefined) return known;
    urls = inspector.scriptUrls();
    return urls.get(scriptId);
  };
}
