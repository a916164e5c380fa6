// What of a Response is not its body.
import { define } from '../values/payload.ts';

/** What a Response is made of. */
export type ResponseBody = ConstructorParameters<typeof Response>[0];

/** The fields of a Response. */
export interface ResponseHead {
  readonly status: number;
  readonly statusText: string;
  readonly url: string;
  readonly redirected: boolean;
  readonly type: string;
  readonly headers: readonly (readonly [string, string])[];
}

const STATUSES_WITHOUT_BODY: ReadonlySet<number> = new Set([101, 103, 204, 205, 304]);

export function headOf({ status, statusText, url, redirected, type, headers }: Response): ResponseHead {
  return { status, statusText, url, redirected, type, headers: [...headers] };
}

/** A Response as a program sees one. What its constructor does not take stands on it as own properties. */
export function responseFrom({ status, statusText, url, redirected, type, headers }: ResponseHead, body: ResponseBody): Response {
  const init = {
    status: status < 200 || status > 599 ? 200 : status,
    statusText,
    headers: headers.map(([name, value]): [string, string] => [name, value]),
  };
  const response = new Response(STATUSES_WITHOUT_BODY.has(init.status) ? null : body, init);
  define(response, { url, redirected, type });
  if (status !== init.status) define(response, { status });
  return response;
}
