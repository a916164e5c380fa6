// Entry of the built text that lets a far process live on without its controller (detach.br): evaluated in its broker thread when it is asked for.
import { Detachment, type DetachmentPorts } from './detachment.ts';

/** What the text is called with. */
declare const BOOT: DetachmentPorts;

export const detachment: Detachment = new Detachment(BOOT);
