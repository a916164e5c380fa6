// `node plain-main.mjs FILE ARGS…`: calls what FILE exports as a user's own last line would, and tells what came of it.
import { pathToFileURL } from 'node:url';
import { canonical } from './canonical.ts';
import { failureText } from './failure.ts';
import { tellPlain } from './plain-report.ts';

const file = process.argv[2] ?? '';
// The program sees itself as the one that was started.
process.argv.splice(1, 1);

/** The first of these that is a function, as the command chooses it: the default export, else `main`. */
function entryOf(module: Readonly<Record<string, unknown>>): (event: unknown) => unknown {
  const given = module['default'];
  const inDefault = typeof given === 'object' && given !== null ? (given as Record<string, unknown>) : {};
  for (const entry of [given, module['main'], inDefault['main']])
    if (typeof entry === 'function') return entry as (event: unknown) => unknown;
  throw new Error(`${file} exports no function`);
}

const main = entryOf((await import(pathToFileURL(file).href)) as Record<string, unknown>);
try {
  tellPlain({ kind: 'value', text: canonical(await main({ data: undefined })) });
} catch (error) {
  tellPlain({ kind: 'failed', failure: failureText(error) });
  process.exit(1);
}
