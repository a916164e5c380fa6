export { errorExtensions } from '../child/core/calls/crossing.ts';
