/** `"events"` of a DICOM service's entry. */
import { type EventSchema, type EventSettings, eventSchemas } from '../dicom/events/settings.ts';
import { endpointUrl } from '../endpoints/endpoint-address.ts';
import { allowedOrigins } from './allowed-origins.ts';
import type { CheckedObject } from './checked-object.ts';

const properties = ['endpoints', 'allow', 'topic', 'serviceHostName', 'timeoutSeconds', 'retrySeconds'];

/** On this machine there is no subscription and no resource group. */
const localTopic =
  '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local/providers/Microsoft.HealthcareApis/workspaces/local';

export function eventsOf(entry: CheckedObject, service: string): { events?: EventSettings } {
  if (!entry.has('events')) return {};
  const given = entry.object('events', properties);
  const allow = allowedOrigins(given);
  const events: EventSettings = {
    endpoints: given.list('endpoints', ['url', 'schema', 'maxEventsPerBatch']).map((each) => endpoint(each, allow)),
    allow,
    topic: given.text('topic', localTopic),
    serviceHostName: given.text('serviceHostName', `localhost:7071/${service}`),
    timeoutSeconds: given.wholeNumber('timeoutSeconds', 10),
    retrySeconds: given.wholeNumber('retrySeconds', 10),
  };
  const urls = events.endpoints.map(({ url }) => url.href);
  if (new Set(urls).size < urls.length) given.refuse('.endpoints', 'a list of different URLs');
  return { events };
}

function endpoint(given: CheckedObject, allow: readonly string[]): EventSettings['endpoints'][number] {
  const schema = given.text('schema', 'eventgrid');
  if (!eventSchemas.includes(schema as EventSchema)) given.refuse('.schema', `one of ${eventSchemas.join(', ')}`);
  const maxEventsPerBatch = given.wholeNumber('maxEventsPerBatch', 1);
  if (maxEventsPerBatch > 100) given.refuse('.maxEventsPerBatch', 'a whole number from 1 to 100');
  return { url: urlOf(given, allow), schema: schema as EventSchema, maxEventsPerBatch };
}

function urlOf(given: CheckedObject, allow: readonly string[]): URL {
  try {
    return endpointUrl(given.text('url'), allow, 'it');
  } catch {
    return given.refuse('.url', 'an http or https URL at a public address, or at one that "allow" has');
  }
}
