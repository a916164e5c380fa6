"""Mitogen beside us: reads orders as lines of JSON, does them, and says how many milliseconds each took."""
import json
import os
import sys
import time

import mitogen.core
import mitogen.master
import mitogen.parent
import mitogen.service

import peer_far

LIMIT_BYTES = 256 * 1048576


def chain(router, depth):
    context = router.local(python_path=sys.executable)
    for _ in range(depth - 1):
        context = router.local(python_path=sys.executable, via=context)
    return context


def calls(context, count, flight):
    left = count
    while left > 0:
        batch = [context.call_async(peer_far.echo, 'x' * 16) for _ in range(min(flight, left))]
        for receiver in batch:
            receiver.get().unpickle()
        left -= len(batch)


def open_many(router, count, via):
    contexts = []
    receivers = []
    # One after the other: connecting blocks its thread, and threads of Python share one lock.
    for _ in range(count):
        context = router.local(python_path=sys.executable, **({'via': via} if via else {}))
        contexts.append(context)
        receivers.append(context.call_async(peer_far.echo, 1))
    for receiver in receivers:
        receiver.get().unpickle()
    return contexts


def counted(router, count, ssh):
    """Bytes that a context and so many calls have sent and received, in messages of ssh. Its counts are in the file that COUNTED names."""
    context = router.ssh(hostname='counted', ssh_path=ssh, python_path=sys.executable)
    calls(context, count, 1)
    with open(os.environ['COUNTED']) as counts:
        total = sum(map(int, counts.read().split()))
    context.shutdown(wait=True)
    return total


def main():
    broker = mitogen.master.Broker()
    router = mitogen.master.Router(broker, max_message_size=LIMIT_BYTES)
    files = mitogen.service.FileService(router)
    pool = mitogen.service.Pool(router, services=[files], size=2)
    known = {}

    def at(depth):
        if depth not in known:
            known[depth] = chain(router, depth)
            known[depth].call(peer_far.echo, 0)
        return known[depth]

    big = mitogen.core.Blob(bytes(64 * 1048576))
    print('ready', flush=True)
    try:
        for line in sys.stdin:
            order = json.loads(line)
            kind = order['kind']
            context = at(order['depth']) if 'depth' in order else None
            opened = []
            began = time.perf_counter()
            if kind == 'calls':
                calls(context, order['count'], order['flight'])
            elif kind == 'argument':
                assert context.call(peer_far.size, big) == 64 * 1048576
            elif kind == 'open':
                opened = open_many(router, order['count'], at(1) if order['via'] else None)
            elif kind == 'file':
                files.register(order['from'])
                context.call(peer_far.fetch, router.myself(), order['from'], order['to'])
            elif kind == 'bytes':
                print('took %d' % counted(router, order['count'], order['ssh']), flush=True)
                continue
            took = (time.perf_counter() - began) * 1000
            for one in opened:
                one.shutdown()
            print('took %f' % took, flush=True)
    finally:
        pool.stop()
        broker.shutdown()
        broker.join()


if __name__ == '__main__':
    main()
