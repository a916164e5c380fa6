// Opens two fresh contexts, one after the other, and prints how long each took until the package graph was loaded and used there.
import { local } from 'resprout';
import { usePackages } from '../graph/use-packages.js';

async function openAndCall(name: string): Promise<number> {
  const start = performance.now();
  await using context = await local({ name });
  await context.call(usePackages);
  return performance.now() - start;
}

if (import.meta.main) {
  const firstMs = await openAndCall('first');
  const nextMs = await openAndCall('next');
  process.stdout.write(JSON.stringify({ firstMs, nextMs }));
}
