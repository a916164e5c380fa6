/** Size of the owner's answer to rows: the head of a frame and two numbers. */
export const ANSWER_BYTES = 34;
