// Says how a supervisor finds Runtimes and what a context is as a place. Loaded by the public entry.
import { ResproutError } from '../../base/errors/errors.ts';
import { registerOwn } from '../../base/recorder.ts';
import * as supervisor from '../../supervisor/index.ts';
import { plainCalls } from '../calls/plain-calls.ts';
import { contextPlace } from './context-place.ts';

registerOwn(supervisor);
supervisor.setSuperviseParts({
  async locate(runtime, via, frames) {
    const { exported } = await plainCalls();
    if (exported === undefined) throw new ResproutError('INTERNAL', 'the module server of this process finds no exports');
    return await exported(runtime, via, frames);
  },
  contextPlace,
});
