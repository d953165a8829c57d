/** `PATCH /extendedquerytags/{tagPath}`: whether searches may use a tag although it had errors. Source: AHDS. */
import type { Answer } from '../../operations/operation.ts';
import type { DicomCall } from '../call.ts';
import { DicomError } from '../errors.ts';
import { jsonBody, objectIn, textIn } from '../json-body.ts';
import { queryTagOf, readQueryTag } from './read-query-tags.ts';

export async function changeQueryTag(call: DicomCall): Promise<Answer> {
  const asked = textIn(objectIn(jsonBody(call)), 'queryStatus')?.toLowerCase();
  if (asked !== 'enabled' && asked !== 'disabled') {
    throw new DicomError('invalid', 'queryStatus must be enabled or disabled.');
  }
  const { tag } = await queryTagOf(call);
  await call.service.index.enableQueryTag(tag, asked === 'enabled');
  return readQueryTag(call);
}
