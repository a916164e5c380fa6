/** Number of a callback event that ends the program because a live object is lost. No call has so many functions. */
export const LOST_INDEX = 65_535;
