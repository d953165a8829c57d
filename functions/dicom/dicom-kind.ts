import { dicomAuditHeaders } from '../../shared/access/audit-headers.ts';
import type { DicomService } from '../../shared/dicom/service.ts';
import type { ServiceKind } from '../../shared/operations/endpoint.ts';
import { UserError } from '../../shared/operations/errors.ts';
import { dicomOperations } from './operations.ts';

/** DICOM services: their operations, and failures as one line of text, as AHDS words them; 406 has none. */
export const dicomKind: ServiceKind<DicomService> = {
  kind: 'dicom',
  operations: dicomOperations,
  auditHeaders: dicomAuditHeaders,
  renderError: (error) => {
    if (!(error instanceof UserError))
      return { status: 500, headers: plainText, body: 'The request failed inside the service.' };
    if (error.status === 406) return { status: 406, headers: error.headers };
    return { status: error.status, headers: { ...error.headers, ...plainText }, body: error.message };
  },
};

const plainText = { 'Content-Type': 'text/plain; charset=utf-8' };
