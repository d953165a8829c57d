/** What a FHIR service answers about tokens. These are no interactions of FHIR: no Bundle asks for them. */
import { fhirDataActions } from '../../access/data-actions.ts';
import type { Operation } from '../../operations/operation.ts';
import type { FhirService } from '../service.ts';
import { introspect } from './introspect.ts';
import { smartConfiguration } from './smart-configuration.ts';

const maxTokenBytes = 64 * 1024;

export const smartOperations: readonly Operation<FhirService>[] = [
  {
    name: 'fhir-smart-configuration',
    methods: ['GET'],
    route: '.well-known/smart-configuration',
    access: 'public',
    body: { kind: 'none' },
    handler: smartConfiguration,
  },
  {
    name: 'fhir-introspect',
    methods: ['POST'],
    route: 'connect/introspect',
    // AHDS: whoever has any right at all.
    access: fhirDataActions.map((action) => [action] as const),
    body: { kind: 'whole', maxBytes: maxTokenBytes },
    handler: introspect,
  },
];
