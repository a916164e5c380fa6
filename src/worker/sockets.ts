// Sockets of this user's owners, for commands that have one of their own.
export { onLines, sendLine } from '../durable/engines/owners/line-link.ts';
export { ownerFolder, ownerSocketPath } from '../durable/engines/owners/owner-folder.ts';
