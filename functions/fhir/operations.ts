import { fhirHandler } from '../../shared/fhir/handler.ts';
import type { InteractionRow } from '../../shared/fhir/interactions/interaction-row.ts';
import { interactionRows } from '../../shared/fhir/interactions/rows.ts';
import { advertisedOperations } from '../../shared/fhir/operations/advertised-operations.ts';
import type { FhirService } from '../../shared/fhir/service.ts';
import { smartOperations } from '../../shared/fhir/smart/smart-operations.ts';
import type { BodyRule, Method, Operation } from '../../shared/operations/operation.ts';

/** Bytes of the largest body that any FHIR service takes; a service's own limit may be lower. */
const maxBodyBytes = 100 * 1024 * 1024;
const maxFormBytes = 1024 * 1024;

const bodyRules: Record<InteractionRow['body'], BodyRule> = {
  none: { kind: 'none' },
  resource: { kind: 'whole', maxBytes: maxBodyBytes },
  patch: { kind: 'whole', maxBytes: maxBodyBytes },
  optional: { kind: 'whole', maxBytes: maxBodyBytes },
  form: { kind: 'whole', maxBytes: maxFormBytes },
};

/** Letters only: the host matches without regard to case, `metadata` and everything with `_` or `$` is somebody else's. */
const type = '{type:regex(^(?!metadata$)[A-Za-z]+$)}';
const compartment = '{compartment:regex(^(Device|Encounter|Patient|Practitioner|RelatedPerson)$)}';
const member = '{member:regex(^([A-Za-z]+|[*])$)}';
const id = '{id:regex(^[A-Za-z0-9.\\-]+$)}';

const names = advertisedOperations(interactionRows)
  .map(({ name }) => name)
  .join('|');
const pathParameters: readonly (readonly [placeholder: string, template: string])[] = [
  ['{type}', type],
  ['{otherType}', '{type:regex(^(?!(metadata|OperationDefinition)$)[A-Za-z]+$)}'],
  ['{compartment}', compartment],
  ['{member}', member],
  ['{id}', id],
  ['{otherId}', `{id:regex(^(?!(${names})$)[A-Za-z0-9.\\-]+$)}`],
  ['{operation}', `{id:regex(^(${names})$)}`],
];

/** A type that the path names is a parameter too: the host would match it in any case, and the handler looks. */
function routeOf(path: string): string {
  const route = pathParameters.reduce((text, [placeholder, template]) => text.replace(placeholder, template), path);
  return route.replace(/^([A-Z][A-Za-z]*)(?=\/)/, '{type:regex(^($1)$)}');
}

/** One Function for each interaction, `fhir-search-type`. */
const interactions = interactionRows.map((row) => ({
  name: `fhir-${row.name}`,
  methods: [row.method] satisfies Method[],
  route: routeOf(row.path),
  access: row.access,
  body: bodyRules[row.body],
  handler: fhirHandler(row),
}));

export const fhirOperations: readonly Operation<FhirService>[] = [...interactions, ...smartOperations];
