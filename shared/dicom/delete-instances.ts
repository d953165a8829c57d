/** Delete of a study, a series or an instance. AHDS: 204 always empty, 404 when nothing was there. */
import type { Answer } from '../operations/operation.ts';
import type { DicomCall } from './call.ts';
import { notFound, scopeOf } from './retrieve/scope.ts';

export async function deleteInstances(call: DicomCall): Promise<Answer> {
  const scope = scopeOf(call);
  const count = await call.service.index.remove(scope);
  if (count === 0) throw notFound();
  call.audit.resourceId = scope.instance ?? scope.series ?? scope.study ?? '';
  call.audit.count = count;
  return { status: 204 };
}
