// Calls of functions of our own that travel when they are used: what commands and files of a context stand on. They are calls like those of
// the program: limited, aborted, recorded and made again in the same way.
import type { IdentifiedFunction } from '../../base/recorder.ts';
import type { Site } from '../../base/site.ts';
import type { ChannelReader } from '../child/core/channels/channel-reading.ts';
import { OWN_BUILD, ownModulePath, type OwnModule } from '../hosts/own-modules.ts';

/** One call, with what was taken in the turn in which the program made it. */
export interface OwnCall {
  readonly module: OwnModule;
  /** The export that is called. */
  readonly fn: string;
  /** Name in journals and messages, such as `$ uname -r`. Holds no secrets. */
  readonly label: string;
  readonly args: readonly unknown[];
  /** A file of a user's build that has to be there besides the module, which is there already. */
  readonly ships?: { readonly build: string; readonly file: string } | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  /** Made where the program called. */
  readonly place: Error;
  readonly site: Site | undefined;
  /** Makes the result of what came back. What it throws is the failure of the call, in a journal too. */
  readonly finish?: ((value: unknown) => unknown) | undefined;
  /** The same for each step of a stream. */
  readonly finishSteps?: ((reader: ChannelReader) => ChannelReader) | undefined;
  /** Whether a lost context is left to the work that the call is part of. */
  readonly isOnce?: boolean | undefined;
}

/** Work of several such calls, and of this side: one call of the program, and recorded as one. */
export interface OwnWork<T> extends Pick<OwnCall, 'label' | 'args' | 'signal' | 'site'> {
  /** Does it; again from its beginning when the context got lost meanwhile, where calls are made again. */
  run(signal: AbortSignal): Promise<T>;
}

/** Makes such calls in one context. */
export interface OwnCaller {
  /** Name of the context. */
  readonly name: string;
  callOwn(call: OwnCall): Promise<unknown>;
  workOwn<T>(work: OwnWork<T>): Promise<T>;
}

/** The address of a function of ours. */
export function identifyOwn({ fn, label, module }: OwnCall): IdentifiedFunction {
  return { address: { kind: 'export', build: OWN_BUILD, file: ownModulePath(module), path: [fn] }, label };
}
