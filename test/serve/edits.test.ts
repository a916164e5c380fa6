// Files that change while a program runs, and files that the graph does not show.
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { REPOSITORY, stageProgram, type StagedProgram } from '../support/programs.ts';
import { PRELOAD, runProgram } from './support/run-program.ts';

const staged: StagedProgram[] = [];
after(() => staged.forEach((program) => program.remove()));

function stage(): StagedProgram {
  const program = stageProgram();
  staged.push(program);
  return program;
}

async function output(program: StagedProgram, args: readonly string[] = ['main.ts']): Promise<string> {
  const run = await runProgram(args, program.folder);
  assert.equal(run.code, 0, run.stderr);
  return run.stdout.replaceAll(program.folder, 'F').trimEnd();
}

const TSX = `${REPOSITORY}/node_modules/tsx/dist/cli.mjs`;
const V1 = `export function version() { return 'v1'; }\nexport function other() { return 'o1'; }\n`;
const V2 = `export function version() { return 'v2'; }\nexport function other() { return 'o2'; }\n`;
const CHANGED =
  'was edited after this program loaded it; the far side would get other code than the one that runs here. Start the program again.';
const TRY = `const attempt = (run) => run().then(String, (error) => error.code + ' ' + error.message);\n`;

/** A program that edits ops.ts at a point of its life. */
function editing(program: StagedProgram, body: string): void {
  program.write('ops.ts', V1);
  program.write(
    'main.ts',
    `import { writeFileSync } from 'node:fs';\nimport { local } from 'resprout';\nimport { other, version } from './ops.ts';\n` +
      `const edit = (text) => writeFileSync(new URL('./ops.ts', import.meta.url), text);\n${TRY}` +
      `if (import.meta.main ?? process.argv[1] === import.meta.filename) {\nconst context = await local();\n${body}\nawait context.close();\n}\n`,
  );
}

const V2_TEXT = JSON.stringify(V2);

describe('a file that is edited under a running program', () => {
  it('call is refused when the edit came before the first call', async () => {
    const program = stage();
    editing(program, `edit(${V2_TEXT});\nconsole.log(await attempt(() => context.call(version)));`);
    assert.equal(await output(program), `REMOTE_SOURCE_CHANGED F/ops.ts ${CHANGED}`);
  });

  it('call is refused under tsx, whose text cannot be compared', async () => {
    const program = stage();
    editing(program, `edit(${V2_TEXT});\nconsole.log(await attempt(() => context.call(version)));`);
    assert.equal(await output(program, [TSX, 'main.ts']), `REMOTE_SOURCE_CHANGED F/ops.ts ${CHANGED}`);
  });

  it('call runs the text of the build when the edit came after the first call', async () => {
    const program = stage();
    editing(
      program,
      `console.log(await attempt(() => context.call(version)));\nedit(${V2_TEXT});\n` +
        `console.log(await attempt(() => context.call(version)), await attempt(() => context.call(other)));`,
    );
    assert.equal(await output(program), 'v1\nv1 o1');
  });

  it('call is refused when another file of the far closure was edited', async () => {
    const program = stage();
    editing(program, `edit(${V2_TEXT});\nconsole.log(await attempt(() => context.call(far)));`);
    program.write('lib.ts', `import { version } from './ops.ts';\nexport function far() { return version(); }\n`);
    const main = `import { far } from './lib.ts';\n`;
    program.write('main.ts', main + (await import('node:fs')).readFileSync(program.path('main.ts'), 'utf8'));
    assert.equal(await output(program), `REMOTE_SOURCE_CHANGED F/ops.ts ${CHANGED}`);
  });

  it('call is refused with the reason when a loader runs another text and leaves no map in it', async () => {
    const program = stage();
    program.write('ops.mjs', V1);
    program.write(
      'loader.mjs',
      `import { registerHooks } from 'node:module';\nregisterHooks({ load(url, context, next) {\n  const loaded = next(url, context);\n` +
        `  return url.endsWith('/ops.mjs') ? { ...loaded, source: '/* made */ ' + loaded.source } : loaded;\n} });\n`,
    );
    program.write(
      'main.mjs',
      `import { local } from 'resprout';\nimport { version } from './ops.mjs';\n${TRY}` +
        `if (import.meta.main) {\nconst context = await local();\nconsole.log(await attempt(() => context.call(version)));\nawait context.close();\n}\n`,
    );
    const said = await output(program, ['--import', './loader.mjs', 'main.mjs']);
    assert.match(said, /^REMOTE_SOURCE_CHANGED This process runs another text of F\/ops\.mjs than the one on the disk: a loader made it/);
  });

  it('call takes a file that was written before it was imported', async () => {
    const program = stage();
    program.write(
      'main.ts',
      `import { writeFileSync } from 'node:fs';\nimport { local } from 'resprout';\n${TRY}` +
        `if (import.meta.main ?? true) {\nwriteFileSync(new URL('./made.ts', import.meta.url), ${JSON.stringify(V2)});\n` +
        `const made = await import('./' + 'made.ts');\nconst context = await local();\n` +
        `console.log(await attempt(() => context.call(made.version)));\nawait context.close();\n}\n`,
    );
    assert.equal(await output(program), 'v2');
  });

  it('call takes a file that was touched but not changed', async () => {
    const program = stage();
    editing(program, `edit(${JSON.stringify(V1)});\nconsole.log(await attempt(() => context.call(version)));`);
    assert.equal(await output(program), 'v1');
  });
});

describe('a file that the graph does not show', () => {
  it('a computed import of the far side is served when the opener or the settings name it, own state and all, and told', async () => {
    const program = stage();
    program.write('plugins/one.ts', `let n = 0;\nexport const next = (): number => ++n;\n`);
    program.write(
      'main.ts',
      `import { local, setContextLog } from 'resprout';\nexport async function far(name: string) {\n  const { next } = await import('./plugins/' + name + '.ts');\n  return next();\n}\n` +
        `if (import.meta.main) {\nconst context = await local();\nconsole.log(await context.call(far, 'one').catch((error) => error.code + ' ' + error.message));\n` +
        `setContextLog((line) => line.level === 'debug' && console.log(line.text));\nawait using open = await local({ name: 'open', serve: ['plugins/*.ts'], logLevel: 'debug' });\n` +
        `console.log(await open.call(far, 'one'), await open.call(far, 'one'));\n` +
        `console.log(await open.call(far, 'missing').catch((error) => error.code + ' ' + error.message));\nawait context.close();\n}\n`,
    );
    const [refused, told, first, missing] = (await output(program)).split('\n');
    assert.match(refused ?? '', /^REMOTE_MODULE_DENIED .*"serve": \["plugins\/one\.ts"\].*\(rule: graph\)$/);
    assert.equal(told, 'F/plugins/one.ts is served, F/main.ts asked for it');
    assert.equal(first, '1 2');
    assert.match(missing ?? '', /Cannot find '\.\/plugins\/missing\.ts' imported from F\/main\.ts/);
    program.write('resprout.config.json', '{ "serve": ["plugins/**"] }');
    assert.match(await output(program), /^1\n/);
  });

  it('a far import of a file outside the project is refused with the rule', async () => {
    const outside = stage();
    outside.write('data.json', '{ "password": 1 }');
    const program = stage();
    program.write(
      'main.ts',
      `import { local } from 'resprout';\nexport async function far(name: string) {\n  return (await import(name, { with: { type: 'json' } })).default;\n}\n` +
        `if (import.meta.main) {\nconst context = await local();\n` +
        `for (const name of JSON.parse(process.argv[2] ?? '[]')) console.log(await context.call(far, name).catch((error) => error.message));\nawait context.close();\n}\n`,
    );
    program.write('.env.json', '{ "password": 2 }');
    const names = ['../' + outside.folder.split('/').at(-1) + '/data.json', outside.path('data.json'), './.env.json'];
    const lines = (await output(program, ['main.ts', JSON.stringify(names)])).split('\n');
    assert.match(lines[0] ?? '', /is not served: it is outside .*\(rule: outside\)/);
    assert.match(lines[1] ?? '', /is not served: .*absolute path.*\(rule: specifier\)/);
    assert.match(lines[2] ?? '', /is not served: .*hold secrets \(rule: deny-list\)/);
  });

  it('a CommonJS file that is called directly first can be imported by another module later, with its names', async () => {
    const program = stage();
    program.write('plain.cjs', `exports.direct = function direct() { return 'direct'; };\nexports.extra = 5;\n`);
    program.write('uses.ts', `import { extra } from './plain.cjs';\nexport const far = (): number => extra;\n`);
    program.write(
      'main.ts',
      `import { local } from 'resprout';\nimport { direct } from './plain.cjs';\nimport { far } from './uses.ts';\n` +
        `if (import.meta.main) {\nconst context = await local();\nconsole.log(await context.call(direct), await context.call(far));\nawait context.close();\n}\n`,
    );
    assert.equal(await output(program), 'direct 5');
  });

  it('a module that is missing for sure is reported before anything is sent', async () => {
    const program = stage();
    program.write('lib.ts', `import 'not-installed';\nexport function far() { return 1; }\n`);
    program.write(
      'main.ts',
      `${TRY}if (import.meta.main) {\nconst { fnRef } = await import('resprout');\n` +
        `console.log(await attempt(() => (globalThis as any).identify(fnRef(new URL('./lib.ts', import.meta.url).href, 'far'))));\n}\n`,
    );
    const text = await output(program, ['--import', PRELOAD, 'main.ts']);
    assert.equal(text, `REMOTE_MODULE_MISSING Cannot find 'not-installed' imported from F/lib.ts; the far side could not load it either`);
  });

  it('a native add-on that is needed for sure is reported before anything is sent', async () => {
    const program = stage();
    program.write('node_modules/addon/package.json', '{ "name": "addon", "version": "1.0.0", "main": "index.cjs" }');
    program.write('node_modules/addon/index.cjs', `module.exports = require('./build/addon.node');\n`);
    program.write('node_modules/addon/build/addon.node', 'ELF');
    program.write('node_modules/soft/package.json', '{ "name": "soft", "version": "1.0.0", "main": "index.cjs" }');
    program.write(
      'node_modules/soft/index.cjs',
      `try { module.exports = require('./addon.node'); } catch { module.exports = { soft: true }; }\n`,
    );
    program.write('node_modules/soft/addon.node', 'ELF');
    program.write('lib.ts', `import addon from 'addon';\nexport const far = () => addon;\n`);
    program.write('soft.ts', `import soft from 'soft';\nexport const far = () => soft.soft;\n`);
    program.write(
      'main.ts',
      `import { fnRef, local } from 'resprout';\n${TRY}if (import.meta.main) {\nconst ref = (file) => fnRef(new URL(file, import.meta.url).href, 'far');\n` +
        `const context = await local();\nconsole.log(await attempt(() => context.call(ref('./lib.ts'))));\nconsole.log(await attempt(() => context.call(ref('./soft.ts'))));\nawait context.close();\n}\n`,
    );
    const [refused, soft] = (await output(program)).split('\n');
    assert.match(refused ?? '', /^REMOTE_MODULE_DENIED F\/node_modules\/addon\/index\.cjs loads the native add-on .*\(rule: native\)$/);
    assert.equal(soft, 'true');
  });
});

describe('identify in a program that runs for long', () => {
  it('identify switches every debugger off again, and needs none for files that Node itself loads', async () => {
    const program = stage();
    program.write('many.ts', Array.from({ length: 100 }, (_, n) => `export const f${n} = () => ${n};\n`).join(''));
    program.write(
      'main.ts',
      `import { Session } from 'node:inspector';\nimport * as many from './many.ts';\nconst counts: Record<string, number> = {};\n` +
        `const post = Session.prototype.post;\nSession.prototype.post = function (this: Session, method: string, ...rest: unknown[]) {\n` +
        `  counts[method] = (counts[method] ?? 0) + 1;\n  return post.call(this, method, ...(rest as []));\n} as never;\n` +
        `const identify = (globalThis as any).identify;\n` +
        `for (let round = 0; round < 10; round++) for (const fn of Object.values(many)) await identify(fn);\n` +
        `for (let n = 0; n < 10; n++) await identify(new Function('return ' + n)).catch(() => {});\n` +
        `console.log(JSON.stringify([counts['Runtime.getProperties'], counts['Debugger.enable'] ?? 0, counts['Debugger.disable'] ?? 0]));\n`,
    );
    const [asked, enabled, disabled] = JSON.parse(await output(program, ['--import', PRELOAD, 'main.ts'])) as number[];
    assert.equal(asked, 110);
    assert.equal(enabled, disabled);
    assert.equal(enabled, 10);
  });
});
