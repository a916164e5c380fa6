// Opens a program as a runner does and prints the url of every module that was loaded for it: loaded-main.ts FOLDER ID
import { registerHooks } from 'node:module';

const loaded = new Set<string>();
registerHooks({
  load(url, context, next) {
    loaded.add(url);
    return next(url, context);
  },
});
const { openProgram, startSession } = await import('./sessions.ts');
const [folder = '', id = ''] = process.argv.slice(2);
await startSession((await openProgram(folder, id)).graph);
process.stdout.write([...loaded].join('\n'));
