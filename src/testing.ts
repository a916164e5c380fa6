// For tests of programs and of parts of Resprout: seams by hand, and a journal that stops where it is told to.
import './own.ts';

export { ManualClock, MemoryJournal, linkedPair, stopAfterEvent, type LinkedPairOptions } from './testing/index.ts';
