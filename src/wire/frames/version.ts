/** First byte of every frame: the letter R. */
export const FRAME_MAGIC = 0x52;
/** Second byte of every frame. A peer of another version is refused with both numbers in the message. */
export const PROTOCOL_VERSION = 1;
