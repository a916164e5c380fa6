// Channels of node:diagnostics_channel tell of what Node does. What happens outside of a session no replay does again: a subscriber of the program
// hears what its own code sends, by itself or through a class of Node, and nothing of what a call to the outside sends meanwhile.
import channels from 'node:diagnostics_channel';
import type { Patcher } from '../../globals/patch.ts';

type Subscriber = (message: unknown, name: string | symbol) => void;
type OfSubscriber = (this: object, subscriber: Subscriber) => unknown;

interface ActiveChannel {
  readonly subscribe: OfSubscriber;
  readonly unsubscribe: OfSubscriber;
}

/** The class of channels that somebody listens to: those that nobody listens to become one, and call it. Node exports only the latter's. */
function activePrototype(): ActiveChannel {
  const channel = channels.channel('resprout:prototype');
  const nobody = (): void => undefined;
  channel.subscribe(nobody);
  const prototype = Object.getPrototypeOf(channel) as ActiveChannel;
  channel.unsubscribe(nobody);
  return prototype;
}

/** Diagnostics channels in a session. */
export function patchChannels(patcher: Patcher): void {
  const prototype = activePrototype();
  const { subscribe, unsubscribe } = prototype;
  const kept = new WeakMap<Subscriber, Subscriber>();
  const isInside = (): boolean => {
    const scope = patcher.realm.context.current();
    return scope?.kind === 'session' || scope?.kind === 'load';
  };
  const inside = (subscriber: Subscriber): Subscriber => {
    const known = kept.get(subscriber);
    if (known !== undefined) return known;
    const made: Subscriber = (message, name) => {
      if (isInside()) subscriber(message, name);
    };
    kept.set(subscriber, made);
    return made;
  };
  patcher.replace(prototype, 'subscribe', 'language', function (this: object, subscriber: Subscriber): unknown {
    return Reflect.apply(subscribe, this, [isInside() && typeof subscriber === 'function' ? inside(subscriber) : subscriber]);
  });
  patcher.replace(prototype, 'unsubscribe', 'language', function (this: object, subscriber: Subscriber): unknown {
    const made = kept.get(subscriber);
    const was = made !== undefined && Reflect.apply(unsubscribe, this, [made]) === true;
    return was || Reflect.apply(unsubscribe, this, [subscriber]);
  });
}
