// A program whose context is a far side that keeps to no rule. Plain, or a session.
import { local } from 'resprout';

export function asked(): string {
  return 'never run';
}

export async function main(): Promise<string[]> {
  const said: string[] = [];
  const far = new URL('./hostile-far.ts', import.meta.url).pathname;
  for (const handles of JSON.parse(process.env['HOSTILE_SETS'] ?? '[]') as string[]) {
    try {
      const context = await local({
        name: `hostile-${said.length}`,
        node: [process.execPath, far],
        env: { HOSTILE_HANDLES: handles },
      });
      said.push(await context.with({ timeoutMs: 60_000 }).call(asked));
      await context.close();
    } catch (error) {
      said.push(`${handles}: ${(error as { code?: string }).code ?? String(error)}`);
    }
  }
  return said;
}

if (import.meta.main) console.log(JSON.stringify(await main()));
