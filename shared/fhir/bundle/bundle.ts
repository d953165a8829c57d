/** FHIR R4 3.1.0.11: a batch or a transaction. AHDS answers 405 to a Bundle of another type. */
import type { Interaction } from '../interactions/interaction.ts';
import type { InteractionRow } from '../interactions/interaction-row.ts';
import { FhirError } from '../outcome.ts';
import { preferencesOf } from '../prefer.ts';
import type { JsonValue } from '../resource/types.ts';
import { batch } from './batch.ts';
import { transaction } from './transaction.ts';

/** All the codes of BundleType; a type that is none of them is invalid, not merely out of place. */
const bundleTypes =
  'document message transaction transaction-response batch batch-response history searchset collection';

/** `rows`: the interactions that an entry can ask for. */
export function bundle(rows: readonly InteractionRow[]): Interaction {
  return async (request) => {
    const { resource, service } = request;
    if (resource?.resourceType !== 'Bundle') {
      throw new FhirError('invalid', 'Only a Bundle can be posted to the address of the service.');
    }
    preferencesOf(request.header('prefer'));
    const type = resource.type;
    if (typeof type !== 'string' || !bundleTypes.split(' ').includes(type)) {
      throw new FhirError('invalid', 'Bundle.type must be batch or transaction.');
    }
    if (type !== 'batch' && type !== 'transaction') {
      throw new FhirError('method-not-allowed', `A Bundle of type ${type} cannot be processed here.`);
    }
    const entries: JsonValue = resource.entry ?? [];
    if (!Array.isArray(entries)) throw new FhirError('structure', 'Bundle.entry must be an array.');
    const { maxBundleEntries } = service.settings;
    if (entries.length > maxBundleEntries) {
      throw new FhirError(
        'too-costly',
        `The bundle has ${entries.length} entries; the service takes ${maxBundleEntries} (maxBundleEntries in workspace.json).`,
      );
    }
    return type === 'batch' ? batch(request, entries, rows) : transaction(request, entries, rows);
  };
}
