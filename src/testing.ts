// For tests of programs and of parts of Resprout: seams by hand, and a journal that stops where it is told to.
import './own.ts';

export { MemoryJournal } from './durable/engines/index.ts';
export { ManualClock, linkedPair, stopAfterEvent, type LinkedPairOptions } from './testing/index.ts';
