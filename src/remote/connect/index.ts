export { connectLimitMs } from './deadline.ts';
export type { Ask, Question, QuestionKind } from './questions/ask.ts';
export { describeRecipe, dial, farStdioOf } from './dial.ts';
export type { ByteSource, Dialled, DialRequest, FarStdio, TransportLine } from './method.ts';
export { recipeKey, type Recipe } from './recipe.ts';
export { parseRecipe } from './parse-recipe.ts';
export { parseTarget } from './target.ts';
