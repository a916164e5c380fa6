export { ANSWER_LIMIT_MS, type Ask, type Question, type QuestionKind } from './ask.ts';
export { describeRecipe, dial, farStdioOf } from './dial.ts';
export type { ByteSource, ConnectionMethod, Dialled, DialRequest, DialSeams, FarStdio, TransportLine } from './method.ts';
export { recipeKey, type ConnectionMethodName, type LocalRecipe, type Recipe, type SshRecipe } from './recipe.ts';
export { parseRecipe } from './parse-recipe.ts';
export { parseTarget } from './target.ts';
