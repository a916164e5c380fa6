// An owner that has nothing to do but to wait for the end of a unit that is killed.
import { supervise } from '../../../src/supervisor.ts';
import { Waits } from './runtimes.ts';

if (import.meta.main) {
  const supervisor = await supervise(Waits, undefined, { restart: 'temporary' });
  process.kill(supervisor.snapshot()[0]?.pid ?? 0, 'SIGKILL');
  console.log((await supervisor.ended).how);
}
