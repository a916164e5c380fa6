// Opens the first context of a fresh process and prints how long it took until the first call was answered.
import { local } from 'resprout';
import { echo } from './far.ts';

if (import.meta.main) {
  const start = performance.now();
  await using context = await local();
  await context.call(echo, 'x');
  process.stdout.write(JSON.stringify({ firstMs: performance.now() - start }));
}
