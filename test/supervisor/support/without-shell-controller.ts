// Starts a unit as a process where no shell can be started, and says how that went.
import { supervise, unit } from 'resprout/supervisor';
import { Waits } from './runtimes.ts';

try {
  await using running = await supervise(unit(Waits, undefined, { in: 'process', restart: 'temporary' }));
  console.log('runs', running.name);
} catch (error) {
  console.log((error as Error & { code?: string }).code, (error as Error).message);
}
