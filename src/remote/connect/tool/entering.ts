// The shape of a method whose tool takes words and runs them somewhere else, with stdin and stdout as the way there.
import type { Dialled, DialRequest, MethodOf } from '../method.ts';
import { asContextName } from '../names.ts';
import type { CommonRecipe } from '../recipe.ts';
import { LAST_OWN_CODE } from '../start/exit-codes.ts';
import { toolFailure } from './tool-failure.ts';
import type { ToolEnd, ToolPlan } from './tool-plan.ts';
import { dialByTool } from './tool.ts';

/** What the recipe of such a method has beside its own fields. */
export interface ToolRecipe extends CommonRecipe {
  /** The tool: a path, or a name on PATH. */
  readonly toolPath?: string;
  /** Words of yours right behind the tool, before ours. */
  readonly toolArgs?: readonly string[];
}

/** The kinds of those fields. A target text cannot give them: they could start programs here. */
export const TOOL_FIELDS = { toolPath: 'program', toolArgs: 'words' } as const;

/** One such method. */
export interface Entering<R extends ToolRecipe> extends Pick<MethodOf<R>, 'name' | 'fields' | 'required' | 'target'> {
  /** What it starts when the recipe names nothing. */
  readonly tool: string;
  /** What is entered, for messages and names: `web`. */
  place(recipe: Omit<R, keyof CommonRecipe>): string;
  /** The words behind the tool's own, before those of the far command. */
  words(recipe: R): readonly string[];
  /** The far command as one word, for a tool that gives it to a shell. */
  readonly join?: (words: readonly string[]) => string;
  /** How the tool asks; `never` when absent. */
  asks?(): ToolPlan['asks'];
  needsTerminal?(recipe: R): boolean;
  /** Whether the tool says by this end that the user may not. */
  isRefusal?(end: ToolEnd): boolean;
}

/** A method of this shape. */
export function entering<R extends ToolRecipe>(shape: Entering<R>): MethodOf<R> {
  const { name, fields, required, target, tool, join } = shape;
  const describe = (recipe: R): string => `${name} ${shape.place(recipe)}`;
  return {
    name,
    farStdio: 'split',
    fields,
    required,
    target,
    defaultName: (own) => `${name}.${asContextName(shape.place(own))}`,
    isWithin: true,
    describe,
    isCutOff: (exitCode) => exitCode > LAST_OWN_CODE,
    open(recipe: R, request: DialRequest): Promise<Dialled> {
      const tried = describe(recipe);
      return dialByTool(
        {
          file: recipe.toolPath ?? tool,
          args: (words) => [...(recipe.toolArgs ?? []), ...shape.words(recipe), ...(join === undefined ? words : [join(words)])],
          asks: shape.asks?.() ?? 'never',
          prefix: `${name}:`,
          needsTerminal: shape.needsTerminal?.(recipe) ?? false,
          tried,
          target: tried,
          explain: (end) => toolFailure(tried, end, (ended) => shape.isRefusal?.(ended) ?? false),
        },
        request,
      );
    },
  };
}
