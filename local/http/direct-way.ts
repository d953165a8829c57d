import type { HttpResponse, HttpResponseInit } from '@azure/functions';
import { invoke } from '../core/invocation.ts';
import { DirectRequest } from './direct-request.ts';
import type { Way } from './exchange.ts';
import { writeResponse } from './write-response.ts';

/** The handler gets the server's own request and its result is written to the server's own response. */
export const directWay: Way = async ({ registry, match, request, response, url, invocationId }) => {
  const input = new DirectRequest(request, url.href, match.values);
  const result = await invoke(registry, match.called, { invocationId, input });
  await writeResponse(response, (result ?? {}) as HttpResponseInit | HttpResponse);
};
