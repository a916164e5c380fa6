export { MemoryJournal, MemorySessions } from '../durable/engines/index.ts';
export { connectionMethodBehaviours, type Behaviour, type ConnectionMethodSubject } from './connection-method-suite.ts';
export { placeBehaviours, type PlaceSubject } from './places/place-suite.ts';
export { linkedPair, type LinkedPairOptions } from './linked-pair.ts';
export { ManualClock } from './manual-clock.ts';
export { stopAfterEvent } from './stop-after-event.ts';
export { journalStoreBehaviours, type JournalPlace } from './stores/journal-store-suite.ts';
export { sessionStoreBehaviours } from './stores/session-store-suite.ts';
