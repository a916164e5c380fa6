// What a runner and the near end of a plain program load at once: never the parser, resolver or lowering.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { init, parse } from 'es-module-lexer/minimal';
import { stripTypeScriptTypes } from 'node:module';
import { REPOSITORY } from '../support/programs.ts';

await init();
const HEAVY = /^(?:acorn|oxc-|es-module-lexer|cjs-module-lexer|@oxc-project)/;

/** Files and packages that an entry loads by static imports; `import()` too when asked. */
function graphOf(
  entries: readonly string[],
  dynamic: boolean,
): { readonly files: ReadonlySet<string>; readonly packages: ReadonlySet<string> } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const queue = entries.map((entry) => join(REPOSITORY, entry));
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    for (const { n: specifier, d } of parse(stripTypeScriptTypes(readFileSync(file, 'utf8')))[0]) {
      if (specifier === undefined || (d > -1 && !dynamic)) continue;
      if (specifier.startsWith('.')) queue.push(join(dirname(file), specifier));
      else if (!specifier.startsWith('node:')) packages.add(specifier);
    }
  }
  return { files, packages };
}

const short = (files: ReadonlySet<string>): readonly string[] => [...files].map((file) => file.slice(REPOSITORY.length + 1));

test('the runner loads no parser, resolver or lowering, not even later', () => {
  const entries = ['src/durable/runner/main.ts', 'src/durable/runner/broker.ts'].filter((file) => existsSync(join(REPOSITORY, file)));
  assert.ok(entries.length > 0);
  const { files, packages } = graphOf(entries, true);
  assert.ok(files.size > 30, 'the walk found the runner');
  assert.deepEqual(
    [...packages].filter((name) => HEAVY.test(name)),
    [],
  );
  assert.deepEqual(
    short(files).filter((file) => /^src\/(?:modules|durable\/transform|remote\/serve)\//.test(file)),
    [],
  );
});

test('the public entries load no parser, resolver or lowering at once', () => {
  const { files, packages } = graphOf(['src/index.ts', 'src/remote.ts', 'src/durable.ts'], false);
  assert.ok(files.has(join(REPOSITORY, 'src/own.ts')));
  assert.deepEqual(
    [...packages].filter((name) => HEAVY.test(name)),
    [],
  );
  assert.deepEqual(
    short(files).filter((file) => /^src\/(?:modules|durable\/transform|remote\/serve)\//.test(file)),
    [],
  );
});

test('the walk sees the tools where they are', () => {
  assert.ok([...graphOf(['src/remote/serve/index.ts'], false).packages].some((name) => HEAVY.test(name)));
});
