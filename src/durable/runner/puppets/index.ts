export { setDescriptorResolver, type DescriptorResolver } from './descriptors.ts';
export { markClass } from './mark.ts';
export { patchConversations } from './patch-conversations.ts';
