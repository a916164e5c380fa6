/** Above it stand what a shell says of a process that a signal ended, and the 255 of ssh, whose connection broke. */
export const LAST_OWN_CODE = 128;
