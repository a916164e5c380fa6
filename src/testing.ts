// For tests of programs and of parts of Resprout: seams by hand, a journal that stops where it is told to, what every connection method does.
import './own.ts';

export {
  connectionMethodBehaviours,
  journalStoreBehaviours,
  linkedPair,
  ManualClock,
  MemoryJournal,
  MemorySessions,
  placeBehaviours,
  sessionStoreBehaviours,
  stopAfterEvent,
  type Behaviour,
  type ConnectionMethodSubject,
  type JournalPlace,
  type LinkedPairOptions,
  type PlaceSubject,
} from './testing/index.ts';
