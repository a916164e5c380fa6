// Bundles what starts often: the command line (`dist/cli/main.js`, other commands as chunks), the runner
// (`dist/durable/runner/main.js`, its broker thread and the builtins that it patches late), and the first file of a unit's thread and process
// (`dist/supervisor/places`). Made from tsc's output, in its place; run after `tsc -b` and `build-texts`.
// Library entries stay as tsc wrote them; the runner's bundle has chunks of its own for them, so that `own:` imports of a program
// share everything with the runner. The program of a unit loads them beside the unit's own file: the class that must be one is `SHARED`.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { parse, type Node } from 'acorn';
import { rolldown, type Plugin } from 'rolldown';

const ROOT = path.resolve(import.meta.dirname, '..');
const DIST = path.join(ROOT, 'dist');
/** tsc writes a file only when its source has changed: its output is kept here when a bundle takes its place. */
const KEPT = path.join(ROOT, '.build', 'bundled');
/** Has types for `commander` and nothing else: the bundle asks for `commander` itself, which is what gets installed. */
const TYPES_OF_COMMANDER = '@commander-js/extra-typings';
const BUILTIN = '\0builtin:';
const TAKER = '\0taker-of-builtins';
/**
 * Before anything is patched: programs find another `getBuiltinModule` in a runner, and chunks may be loaded late. An old Node, which is told
 * that it is too old, has none, and knows no prefix.
 */
const TAKER_TEXT = `
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
export const take = process.getBuiltinModule?.bind(process) ?? ((id) => require(id.slice('node:'.length)));
`;
/** What the program of a unit may have too, and would be two in a bundle of its own: programs look at the class of an error. The other files hold no state that crosses. */
const SHARED = path.join(DIST, 'base/errors/resprout-error.js');
/**
 * In the place of Node's `performance` in a unit, whose every reader loads all of node:perf_hooks: over a millisecond. The clock is the same one, from
 * another beginning. Before anything is patched.
 */
const CLOCK_TEXT = `const { hrtime } = process;
const performance = {
	now() {
		const [seconds, nanoseconds] = hrtime();
		return seconds * 1e3 + nanoseconds / 1e6;
	}
};
`;
const MARK = '/* a bundle of resprout */';

const OWN_ENTRIES: Readonly<Record<string, string>> = {
  resprout: 'index.js',
  'resprout/remote': 'remote.js',
  'resprout/durable': 'durable.js',
  'resprout/supervisor': 'supervisor.js',
  'resprout/worker': 'worker.js',
  'resprout/testing': 'testing.js',
};

function ownEntriesText(): string {
  const lines = Object.entries(OWN_ENTRIES).map(([name, file]) => `  ${JSON.stringify(name)}: () => import('../../../${file}'),`);
  return `const entries = {\n${lines.join('\n')}\n};\nexport async function loadOwnEntry(name) {\n  return Object.hasOwn(entries, name) ? await entries[name]() : undefined;\n}\n`;
}

/** tsc's text of a file, whether a bundle has taken its place or not. */
function compiledText(file: string): string {
  const kept = path.join(KEPT, path.relative(DIST, file));
  const text = readFileSync(file, 'utf8');
  if (text.slice(0, 200).includes(MARK)) return readFileSync(kept, 'utf8');
  mkdirSync(path.dirname(kept), { recursive: true });
  writeFileSync(kept, text);
  return text;
}

function isNode(value: unknown): value is Node & Record<string, unknown> {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** Places of `import.meta.url` and `import.meta.dirname` in a text. */
function metaPlaces(text: string): { readonly start: number; readonly end: number; readonly name: string }[] {
  const places: { start: number; end: number; name: string }[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(item);
    if (!isNode(value)) return;
    const { object, property } = value;
    if (value.type === 'MemberExpression' && isNode(object) && object.type === 'MetaProperty' && isNode(property)) {
      const name = String(property['name']);
      if (name === 'url' || name === 'dirname') places.push({ start: value.start, end: value.end, name });
      return;
    }
    for (const child of Object.values(value)) visit(child);
  };
  visit(parse(text, { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true }));
  return places.sort((a, b) => b.start - a.start);
}

/** Every module keeps its own place, whatever chunk it lands in: chunks all lie in one folder. */
function keepPlaces(folder: string): Plugin {
  return {
    name: 'keep-places',
    transform(code, id) {
      if (!id.startsWith(DIST) || !code.includes('import.meta')) return null;
      const relative = path.relative(folder, id).split(path.sep).join('/');
      const url = `new URL(${JSON.stringify(relative.startsWith('.') ? relative : `./${relative}`)}, import.meta.url)`;
      let text = code;
      for (const { start, end, name } of metaPlaces(code)) {
        const place = name === 'url' ? `${url}.href` : `decodeURIComponent(new URL('.', ${url}).pathname.replace(/\\/$/, ''))`;
        text = text.slice(0, start) + place + text.slice(end);
      }
      return { code: text, map: null };
    },
  };
}

function compiled(inputs: ReadonlySet<string>): Plugin {
  return {
    name: 'compiled',
    load(id) {
      if (id === path.join(DIST, 'durable/runner/program/own-entries.js')) return ownEntriesText();
      return inputs.has(id) ? compiledText(id) : null;
    },
  };
}

/**
 * Builtins are taken without their ES facade. Node makes the facade when a builtin is imported, and reads every export for it: that of node:http
 * loads all of undici, that of node:util a diff and standard error. What a name of an import stands for stays the same: it is read when it is
 * used, like a binding that `syncBuiltinESMExports` renews.
 */
/** @param take text of what takes them, of `TAKER` when absent */
function withoutFacades(take = `require(${JSON.stringify(TAKER)}).take`): Plugin {
  return {
    name: 'without-facades',
    resolveId(id, importer) {
      if (id === TAKER) return TAKER;
      return isBuiltin(id) && importer !== TAKER ? { id: BUILTIN + id, moduleSideEffects: false } : null;
    },
    load(id) {
      if (id === TAKER) return TAKER_TEXT;
      return id.startsWith(BUILTIN) ? `module.exports = ${take}(${JSON.stringify(id.slice(BUILTIN.length))});` : null;
    },
    transform(code, id) {
      if (id !== '\0rolldown/runtime.js') return null;
      // To read a property's descriptor is to load what stands behind it.
      const text = code.replace(
        '!(desc = __getOwnPropDesc(from, key)) || desc.enumerable',
        'Object.prototype.propertyIsEnumerable.call(from, key)',
      );
      if (text === code) throw new Error('the bundler copies the names of a builtin in another way');
      return { code: text, map: null };
    },
  };
}

/** The bundler sets its own helpers behind what uses them where both land in one chunk: they go first, behind the imports. */
function helpersFirst(code: string): string {
  const [helpers] = /^\/\/ \S*rolldown\/runtime\.js\n[^]*?(?=^\/\/ |^export )/m.exec(code) ?? [];
  if (helpers === undefined) return code;
  const rest = code.replace(helpers, () => '');
  const [imports, others] = cutImports(rest);
  return imports + helpers + others;
}

function cutImports(code: string): readonly [imports: string, rest: string] {
  const [imports = ''] = /^(?:import .*\n)*/.exec(code) ?? [];
  return [imports, code.slice(imports.length)];
}

function removeOldChunks(folder: string): void {
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name);
    if (/^chunk-.*\.js$/.test(name) && readFileSync(file, 'utf8').startsWith(MARK)) rmSync(file);
  }
}

/** What is loaded with a file, whoever loads it: the files that it imports, and what these do. Relative names, as tsc wrote them. */
function loadedWith(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  const { body } = parse(compiledText(file), { ecmaVersion: 'latest', sourceType: 'module', allowHashBang: true });
  for (const node of body)
    if ('source' in node && typeof node.source?.value === 'string' && node.source.value.startsWith('.'))
      loadedWith(path.resolve(path.dirname(file), node.source.value), found);
  return found;
}

/** @param whole a file that is loaded in one piece with all that it imports, where that is not cut up for what else uses some of it */
async function bundle(folder: string, names: readonly string[], whole?: string): Promise<void> {
  const inputs = new Set(names.map((name) => path.join(folder, `${name}.js`)));
  for (const input of inputs) if (!existsSync(input)) throw new Error(`${path.relative(ROOT, input)} is missing: run tsc -b first`);
  // What takes builtins is a line each, and so is what a process loads before anything else: one file for all.
  const first = new Set([...inputs].flatMap((input) => (input.endsWith('main.js') ? [...loadedWith(input)] : [])));
  const common = (id: string): boolean => id.startsWith(BUILTIN) || id === TAKER || (first.has(id) && !inputs.has(id));
  const piece = whole === undefined ? new Set<string>() : loadedWith(path.join(folder, whole));
  const build = await rolldown({
    input: Object.fromEntries(names.map((name) => [name, path.join(folder, `${name}.js`)])),
    platform: 'node',
    external: (id, importer) => id !== TYPES_OF_COMMANDER && (isBuiltin(id) ? importer === TAKER : /^[a-z@]/.test(id)),
    plugins: [withoutFacades(), compiled(inputs), keepPlaces(folder)],
    treeshake: true,
  });
  const { output } = await build.generate({
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunk-[name]-[hash].js',
    comments: false,
    codeSplitting: {
      groups: [
        { name: 'common', test: common, priority: 2 },
        { name: 'whole', test: (id) => piece.has(id), priority: 1 },
      ],
    },
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: false } },
  });
  await build.close();
  for (const file of output) if (file.type === 'chunk') write(path.join(folder, file.fileName), file.code);
}

/** @param before what stands before all but its imports */
function write(file: string, code: string, before = ''): void {
  const shebang = /^#!.*\n/.exec(code)?.[0] ?? '';
  const [imports, rest] = cutImports(helpersFirst(code.slice(shebang.length)));
  const text = `${shebang}${MARK}\n${imports}${before}${rest}`;
  writeFileSync(file, text, shebang === '' ? {} : { mode: 0o755 });
}

/** One file with all that it imports but `SHARED`. */
async function bundleAlone(folder: string, name: string): Promise<void> {
  const file = path.join(folder, `${name}.js`);
  const build = await rolldown({
    input: file,
    platform: 'node',
    external: (id) => id === SHARED,
    // Its Node is that of the owner, which has this function, and it patches nothing.
    plugins: [withoutFacades('process.getBuiltinModule'), compiled(new Set([file])), keepPlaces(folder)],
    treeshake: { propertyReadSideEffects: false },
  });
  const { output } = await build.generate({
    format: 'esm',
    comments: false,
    codeSplitting: false,
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: false } },
  });
  await build.close();
  const [{ code }, ...others] = output;
  if (others.length > 0) throw new Error(`${name} became ${output.length} files, not one`);
  if (/\b(?:hrtime|performance) =/.test(code)) throw new Error(`${name} has a clock of its own`);
  write(file, code, CLOCK_TEXT);
}

const RUNNER = path.join(DIST, 'durable/runner');
const CLI = path.join(DIST, 'cli');
const PLACES = path.join(DIST, 'supervisor/places');
for (const folder of [RUNNER, CLI]) removeOldChunks(folder);
await bundle(RUNNER, ['main', 'late-builtins', 'late-crypto'], 'program/run.js');
// A thread of the runner, which shares nothing with it.
await bundle(RUNNER, ['broker']);
await bundle(CLI, ['main']);
for (const name of ['thread-main', 'process-main']) await bundleAlone(PLACES, name);
