export { patchConversations } from './patch-conversations.ts';
