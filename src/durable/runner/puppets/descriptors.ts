// Descriptors of files that a session holds are numbers of its own. Whoever makes them says here which descriptor of this process stands for one.
import type { Session } from '../../replay/session/session-api.ts';

/** Numbers below are those of the process. */
export const FIRST_OWN_DESCRIPTOR = 1000;

export type DescriptorResolver = (session: Session, descriptor: number) => number | undefined;

let resolve: DescriptorResolver = () => undefined;

/** Says how such a number is resolved; undefined: it is not known. Once per process. */
export function setDescriptorResolver(resolver: DescriptorResolver): void {
  resolve = resolver;
}

/** The descriptor of this process for a number of a program. */
export function realDescriptor(session: Session, descriptor: number): number {
  return descriptor < FIRST_OWN_DESCRIPTOR ? descriptor : (resolve(session, descriptor) ?? descriptor);
}
