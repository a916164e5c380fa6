// Runs `report` of a program as plain Node does, with types taken out by the same lowering: raw-main.ts ENTRY
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { lower } from '../../../src/modules/text/lower.ts';

process.setSourceMapsEnabled(true);
registerHooks({
  load(url, context, next) {
    if (!url.includes('/fixtures/transform/') || !url.endsWith('.ts')) return next(url, context);
    const file = fileURLToPath(url);
    const options = {
      legacyDecorators: true,
      decoratorMetadata: false,
      keepUnusedImports: true,
      classicJsx: false,
      jsxImportSource: undefined,
    };
    const { code, map } = lower({ file, path: file, format: 'module', source: readFileSync(file, 'utf8'), options });
    const data = Buffer.from(JSON.stringify(map)).toString('base64');
    return { format: 'module', shortCircuit: true, source: `${code}\n//# sourceMappingURL=data:application/json;base64,${data}` };
  },
});
const { report } = (await import(pathToFileURL(process.argv[2] ?? '').href)) as { report: () => Promise<unknown> };
process.stdout.write(inspect(await report(), { depth: 12, maxArrayLength: null, maxStringLength: null }));
