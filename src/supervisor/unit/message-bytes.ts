// Orders and reports as bytes of the wire, for places that have a stream of bytes.
import { ResproutError } from '../../base/errors/errors.ts';
import { markFar } from '../../base/errors/far-errors.ts';
import { decodeValue } from '../../wire/values/value-decode.ts';
import { encodeToBytes } from '../../wire/values/value-encode.ts';
import { isReport, type Order, type Report } from './messages.ts';

/** Bytes of an order. @throws ResproutError REMOTE_VALUE_UNSENDABLE for arguments that cannot cross */
export function orderBytes(order: Order): Uint8Array<ArrayBuffer> {
  return encodeToBytes(order, { root: 'order' });
}

/** An order, from the process that owns this one. */
export function parseOrder(bytes: Uint8Array): Order {
  return decodeValue(bytes) as Order;
}

export function reportBytes(report: Report): Uint8Array<ArrayBuffer> {
  return encodeToBytes(report, { root: 'report' });
}

/** A report. @param name of the unit: errors in it say that they come from there @throws ResproutError WIRE_BAD_VALUE */
export function parseReport(bytes: Uint8Array, name: string): Report {
  const value = decodeValue(bytes, { onError: (error) => markFar(error, name) });
  if (!isReport(value)) throw new ResproutError('WIRE_BAD_VALUE', `${name} sent something that is no report`);
  return value;
}
