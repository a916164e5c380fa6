// Builds the texts that travel: `dist/texts/child.txt`, what a far process runs, with the compressed forms that a first stage reads,
// `broker.txt`, what makes an intermediary of it, `detach.txt`, what lets it live on alone, and a module for each thing that the core does not know: `commands.js`, `files.js`.
// Run after `tsc -b`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { brotliCompressSync, constants } from 'node:zlib';
import { rolldown, type Plugin } from 'rolldown';
import { faceNames } from './face-names.ts';

const TEXTS = new URL('../dist/texts/', import.meta.url);

/** The chunks of a bundle, each as the text of a function of `require`, `BOOT` and `exports`; the entry first. */
async function functionTexts(entry: string, define: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const build = await rolldown({
    input: new URL(`../${entry}`, import.meta.url).pathname,
    platform: 'node',
    external: (id) => isBuiltin(id),
    treeshake: { moduleSideEffects: false, propertyReadSideEffects: false },
    transform: { define: { ...define }, target: 'es2023' },
  });
  const { output } = await build.generate({ format: 'cjs', minify: true, exports: 'named' });
  await build.close();
  const chunks = output.filter((part) => part.type === 'chunk').sort((a, b) => Number(b.isEntry) - Number(a.isEntry));
  return chunks.map(({ code }) => `(function(require,BOOT,exports){${code.replaceAll('/* @__PURE__ */', '').trim()}\n})`);
}

/** The core has the error class and its table already: a module that travels behind it takes them from there. */
const errorsOfTheCore: Plugin = {
  name: 'errors-of-the-core',
  load: (id) =>
    id.endsWith('/src/base/errors/errors.ts')
      ? "const f=globalThis[Symbol.for('resprout.face')];export const ResproutError=f('ResproutError'),isResproutError=f('isResproutError');"
      : null,
};

/** A module of ours that travels when it is used. */
async function moduleText(entry: string): Promise<string> {
  const build = await rolldown({
    input: new URL(`../${entry}`, import.meta.url).pathname,
    platform: 'node',
    external: (id) => isBuiltin(id),
    plugins: [errorsOfTheCore],
    treeshake: { moduleSideEffects: false, propertyReadSideEffects: false },
    transform: { target: 'es2023' },
  });
  const { output } = await build.generate({ format: 'esm', minify: true });
  await build.close();
  const [text = ''] = expectTexts(
    output.flatMap((part) => (part.type === 'chunk' ? part.code : [])),
    1,
    entry,
  );
  return text;
}

/** Exactly so many texts, or the build is wrong. */
function expectTexts(texts: readonly string[], count: number, entry: string): readonly string[] {
  if (texts.length !== count) throw new Error(`${entry} became ${texts.length} chunks, not ${count}`);
  return texts;
}

/** A text that Node 12 can parse and that says what is wrong there. `core` is a string in it until the version has been looked at. */
function bootText(core: string, stdio: string): string {
  const check =
    'var v=process.versions.node.split(".");' +
    'if(+v[0]<22||+v[0]==22&&+v[1]<18){' +
    'require("fs").writeSync(2,"resprout: Node "+process.version+" at "+process.execPath+" is too old, 22.18 or newer is needed\\n");' +
    'process.exit(1)}';
  return (
    `${check}var t=${JSON.stringify(core)},u="\\n//# sourceURL=resprout-core",a={},b={},` +
    'r=function(i){return i[0]=="."?b:require(i)},s=function(i){return i[0]=="."?a:require(i)};' +
    '(0,eval)(t+u)(r,{text:t+"(require,{evaluate:function(x,o){(0,eval)(x)(require,o,{})}},{})"+u,' +
    `stdio:"${stdio}",second:function(x){(0,eval)(x+u)(s,0,b)}},a);`
  );
}

function compressed(text: string): Buffer {
  const bytes = Buffer.from(text);
  return brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 22,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
}

mkdirSync(TEXTS, { recursive: true });
const CHILD = 'src/remote/child/main.ts';
const BROKER = 'src/remote/intermediary/main.ts';
const [first = '', second = ''] = expectTexts(await functionTexts(CHILD, { FACE_NAMES: JSON.stringify(await faceNames()) }), 2, CHILD);
const DETACH = 'src/remote/child/detach/main.ts';
const [detach = ''] = expectTexts(await functionTexts(DETACH, {}), 1, DETACH);
const [broker = ''] = expectTexts(await functionTexts(BROKER, {}), 1, BROKER);
writeFileSync(new URL('child.txt', TEXTS), `${first}\n${second}\n`);
writeFileSync(new URL('broker.txt', TEXTS), `${broker}\n`);
writeFileSync(new URL('child.second.br', TEXTS), compressed(second));
writeFileSync(new URL('broker.br', TEXTS), compressed(broker));
writeFileSync(new URL('detach.txt', TEXTS), `${detach}\n`);
writeFileSync(new URL('detach.br', TEXTS), compressed(detach));
for (const stdio of ['duplex', 'split']) writeFileSync(new URL(`child.${stdio}.br`, TEXTS), compressed(bootText(first, stdio)));
for (const name of ['commands', 'files', 'exec', 'doctor'])
  writeFileSync(new URL(`${name}.js`, TEXTS), await moduleText(`src/remote/child/${name}/main.ts`));
writeFileSync(new URL('unit.js', TEXTS), await moduleText('src/remote/backend/far-unit.ts'));
