// What every public entry does when it is loaded: marks its exports as the package's own, and says how plain calls find their functions.
import { ResproutError } from './base/errors/errors.ts';
import { registerOwn } from './base/recorder.ts';
import * as remote from './remote/index.ts';

registerOwn(remote);
registerOwn(ResproutError, remote.Secret);
// Loaded at the first plain call: parser, resolver and lowering are not needed before, and never in a runner.
remote.setPlainCalls(async () => (await import('./remote/serve/index.ts')).processServe());
