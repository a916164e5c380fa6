// A controller of an ordinary user, who can send no signal to what sudo, su and doas start. Arguments: method, options, password. Prints a line
// of JSON for each opening, then waits.
import * as resprout from '../../../src/index.ts';
import { whoIsHere } from '../programs/here.ts';

type Opener = (options: object) => Promise<resprout.Context>;

if (import.meta.main) {
  const [method = '', options = '', password = ''] = process.argv.slice(2);
  const open = (resprout as unknown as Readonly<Record<string, Opener>>)[method];
  const told = (fact: object): void => void process.stdout.write(`${JSON.stringify(fact)}\n`);
  for (const answer of [password, 'canary-wrong-91aa', undefined]) {
    const startMs = performance.now();
    try {
      const context = await open?.({
        ...(JSON.parse(options) as object),
        name: `answer-${String(answer?.length)}`,
        ask: async () => answer,
      });
      const here = await context?.call(whoIsHere);
      const closeMs = performance.now();
      await context?.close();
      told({ uid: here?.uid, closedMs: performance.now() - closeMs });
    } catch (error) {
      told({ code: (error as { code?: string }).code, tookMs: performance.now() - startMs });
    }
  }
  const last = await open?.({ ...(JSON.parse(options) as object), name: 'last', ask: async () => password });
  told({ uid: (await last?.call(whoIsHere))?.uid });
  setInterval(() => {}, 1000);
}
