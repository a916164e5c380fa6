// Builds the texts that travel: `dist/texts/child.txt`, what a far process runs, and its compressed forms that a first stage reads.
// Run after `tsc -b`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { brotliCompressSync, constants } from 'node:zlib';
import { rolldown } from 'rolldown';
import { faceNames } from './face-names.ts';

const TEXTS = new URL('../dist/texts/', import.meta.url);

/** One bundle as the text of a function of `require` and `BOOT`. */
async function functionText(entry: string, define: Readonly<Record<string, string>>): Promise<string> {
  const build = await rolldown({
    input: new URL(`../${entry}`, import.meta.url).pathname,
    platform: 'node',
    external: (id) => isBuiltin(id),
    treeshake: { moduleSideEffects: false, propertyReadSideEffects: false },
    transform: { define: { ...define }, target: 'es2023' },
  });
  const { output } = await build.generate({ format: 'cjs', minify: true, codeSplitting: false, exports: 'named' });
  await build.close();
  if (output.length !== 1) throw new Error(`${entry} became ${output.length} files`);
  return `(function(require,BOOT,exports){${output[0].code.replace(/\/\/# sourceMappingURL.*/, '').trim()}\n})`;
}

/** A text that Node 12 can parse and that says what is wrong there. `core` is a string in it until the version has been looked at. */
function bootText(core: string, stdio: string): string {
  const check =
    'var v=process.versions.node.split(".");' +
    'if(+v[0]<22||+v[0]==22&&+v[1]<18){' +
    'require("fs").writeSync(2,"resprout: Node "+process.version+" at "+process.execPath+" is too old, 22.18 or newer is needed\\n");' +
    'process.exit(1)}';
  return (
    `${check}var t=${JSON.stringify(core)},u="\\n//# sourceURL=resprout-core";` +
    `(0,eval)(t+u)(require,{text:t+"(require,0,{})"+u,stdio:"${stdio}"},{});`
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
const child = await functionText('src/remote/child/main.ts', { FACE_NAMES: JSON.stringify(await faceNames()) });
writeFileSync(new URL('child.txt', TEXTS), child);
for (const stdio of ['duplex', 'split']) writeFileSync(new URL(`child.${stdio}.br`, TEXTS), compressed(bootText(child, stdio)));
