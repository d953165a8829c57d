/**
 * Subscribe, unsubscribe, suspend. Source: DICOM PS3.18, 11.10 to 11.12; PS3.4, CC.2.3. AHDS has none of it; what is beyond
 * AHDS changes nothing for who does not subscribe.
 */
import type { Answer } from '../../operations/operation.ts';
import type { Subscriber, SubscriptionTarget } from '../../stores/worklist/worklist-subscriptions.ts';
import type { DicomCall } from '../call.ts';
import { DicomError } from '../errors.ts';
import { uidIn } from '../uid.ts';
import { workitemSearch } from './search-request.ts';
import { workitemIn } from './workitem.ts';
import { stateReport } from './workitem-events.ts';

/** UIDs that stand for subscriptions to more than one workitem. PS3.6, annex A. */
const wellKnown: ReadonlyMap<string, 'all' | 'filtered'> = new Map([
  ['1.2.840.10008.5.1.4.34.5', 'all'],
  ['1.2.840.10008.5.1.4.34.5.1', 'filtered'],
]);

const limits = { subscribers: 200, subscriptions: 10_000 };
/** PS3.5, 6.2: AE. */
const aeTitlePattern = /^(?=.*\S)[\x20-\x5b\x5d-\x7e]{1,16}$/;

export async function subscribe(call: DicomCall): Promise<Answer> {
  const subscriber = subscriberOf(call);
  const deletionLock = lockIn(call.url.searchParams);
  const target = targetOf(call);
  // The state that the workitem is in now comes first.
  const events = target.kind === 'one' ? [stateReport((await workitemIn(call)).dataSet)] : [];
  const subscription = { ...subscriber, target, deletionLock, events };
  if (!(await call.service.worklist.subscribe(subscription, limits))) {
    throw new DicomError('busy', `A worklist has at most ${limits.subscribers} subscribers.`);
  }
  const channel = `${call.workitems.replace(/workitems$/, 'subscribers')}/${encodeURIComponent(subscriber.aeTitle)}`;
  return { status: 201, headers: { 'Content-Location': channel } };
}

export async function unsubscribe(call: DicomCall): Promise<Answer> {
  const uid = uidIn(call.params.workitem ?? '', 'workitem');
  const kind = wellKnown.get(uid) ?? 'one';
  if (!(await call.service.worklist.unsubscribe(subscriberOf(call), { kind, uid }))) throw notSubscribed();
  return { status: 200 };
}

export async function suspend(call: DicomCall): Promise<Answer> {
  const kind = wellKnown.get(uidIn(call.params.workitem ?? '', 'workitem'));
  if (!kind) throw new DicomError('invalid', 'Only a subscription to all workitems or to a filter can be suspended.');
  if (!(await call.service.worklist.suspend(subscriberOf(call), kind))) throw notSubscribed();
  return { status: 200 };
}

export function subscriberOf({ params, partition, audit }: DicomCall): Subscriber {
  const given = params.aeTitle ?? '';
  if (!aeTitlePattern.test(given)) throw new DicomError('invalid', 'The AE title has 1 to 16 characters, without \\.');
  const aeTitle = given.trim();
  audit.resourceId = aeTitle;
  return { partition, aeTitle };
}

export function notSubscribed(): DicomError {
  return new DicomError('not-found', 'There is no such subscription.');
}

function targetOf({ params, url }: DicomCall): SubscriptionTarget {
  const uid = uidIn(params.workitem ?? '', 'workitem');
  const kind = wellKnown.get(uid);
  if (kind === undefined) return { kind: 'one', uid };
  if (kind === 'all') return { kind };
  const { filters } = workitemSearch(filterParameters(url.searchParams));
  if (filters.length === 0) throw new DicomError('invalid', 'A filtered subscription needs a filter.');
  return { kind, filters };
}

/** `filter=attribute=value,attribute=value`, or each as a parameter of its own. */
function filterParameters(given: URLSearchParams): URLSearchParams {
  const filters = new URLSearchParams();
  for (const [name, value] of given) {
    if (/^deletionlock$/i.test(name)) continue;
    if (!/^filter$/i.test(name)) filters.append(name, value);
    else {
      for (const each of value.split(',')) {
        const [attribute = '', wanted = ''] = each.split(/=(.*)/s);
        filters.append(attribute, wanted);
      }
    }
  }
  return filters;
}

function lockIn(given: URLSearchParams): boolean {
  for (const [name, value] of given) {
    if (!/^deletionlock$/i.test(name)) continue;
    if (/^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
    throw new DicomError('invalid', 'deletionlock must be true or false.');
  }
  return false;
}
