// A controller that is made to be killed: dials the recipe in its first argument, answers with the second after the milliseconds of the
// third, holds the context.
import { parseRecipe } from '../../../src/remote/connect/index.ts';
import { dialTest, talk } from './dialling.ts';

const [recipe = '', answer = '', delayMs = '100'] = process.argv.slice(2);
const dialled = await dialTest(parseRecipe(JSON.parse(recipe)), {
  ask: async () => {
    process.stdout.write('asked\n');
    await new Promise((resolve) => setTimeout(resolve, Number(delayMs)));
    return answer;
  },
});
await talk(dialled);
process.stdout.write('open\n');
await dialled.exited;
