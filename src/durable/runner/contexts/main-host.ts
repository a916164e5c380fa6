// What the main thread needs to use contexts, in one chunk that only programs with contexts load.
export { contextId } from '../../../base/brand.ts';
export { setHost } from '../../../remote/hosts/current-host.ts';
export { portHost } from '../../../remote/hosts/port-host.ts';
export { setPlainCalls } from '../../../remote/calls/plain-calls.ts';
export { activityCalls } from './activity-calls.ts';
