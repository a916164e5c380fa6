// Builds the texts that travel: `dist/texts/child.txt`, what a far process runs, and its compressed forms that a first stage reads.
// Run after `tsc -b`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { brotliCompressSync, constants } from 'node:zlib';
import { rolldown } from 'rolldown';
import { faceNames } from './face-names.ts';

const TEXTS = new URL('../dist/texts/', import.meta.url);

/** The bundle in its two parts, each the text of a function of `require`, `BOOT` and `exports`. */
async function functionTexts(entry: string, define: Readonly<Record<string, string>>): Promise<readonly [first: string, second: string]> {
  const build = await rolldown({
    input: new URL(`../${entry}`, import.meta.url).pathname,
    platform: 'node',
    external: (id) => isBuiltin(id),
    treeshake: { moduleSideEffects: false, propertyReadSideEffects: false },
    transform: { define: { ...define }, target: 'es2023' },
  });
  const { output } = await build.generate({ format: 'cjs', minify: true, exports: 'named' });
  await build.close();
  const chunks = output.filter((part) => part.type === 'chunk');
  const first = chunks.find((chunk) => chunk.isEntry);
  const second = chunks.find((chunk) => !chunk.isEntry);
  if (chunks.length !== 2 || first === undefined || second === undefined) throw new Error(`${entry} became ${chunks.length} chunks, not 2`);
  const wrap = (code: string): string => `(function(require,BOOT,exports){${code.replaceAll('/* @__PURE__ */', '').trim()}\n})`;
  return [wrap(first.code), wrap(second.code)];
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
    '(0,eval)(t+u)(r,{text:t+"(require,0,{})"+u,' +
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
const [first, second] = await functionTexts('src/remote/child/main.ts', { FACE_NAMES: JSON.stringify(await faceNames()) });
writeFileSync(new URL('child.txt', TEXTS), `${first}\n${second}\n`);
writeFileSync(new URL('child.second.br', TEXTS), compressed(second));
for (const stdio of ['duplex', 'split']) writeFileSync(new URL(`child.${stdio}.br`, TEXTS), compressed(bootText(first, stdio)));
