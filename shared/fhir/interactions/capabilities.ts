/**
 * FHIR R4 3.1.0.9 capabilities: made once per address and state of the search parameters and stored profiles; `_summary`
 * and `_elements` as on a read.
 */
import { storedProfiles } from '../conformance/stored-profiles.ts';
import type { Definitions } from '../definitions/definitions.ts';
import { FhirError } from '../outcome.ts';
import { askedSubset } from '../resource/asked-subset.ts';
import { formatJson, parseJsonObject } from '../resource/json.ts';
import { type Subset, subset } from '../resource/subset.ts';
import type { Resource } from '../resource/types.ts';
import type { FhirService } from '../service.ts';
import { securityCapability } from '../smart/security-capability.ts';
import { capabilityStatement } from './capability-statement.ts';
import type { FhirRequest, FhirResponse } from './interaction.ts';
import type { InteractionRow } from './interaction-row.ts';

const made = new WeakMap<FhirService, Map<string, Uint8Array>>();
/** A service has few addresses; a client that invents Host headers must not fill the memory. */
const maxAddresses = 16;
const modes = ['full', 'normative', 'terminology'];

export async function capabilities(request: FhirRequest, rows: readonly InteractionRow[]): Promise<FhirResponse> {
  const { service, base, query } = request;
  const asked = new Map(query);
  const mode = asked.get('mode') ?? 'full';
  if (!modes.includes(mode)) throw new FhirError('invalid', `mode must be one of ${modes.join(', ')}.`);
  if (mode === 'terminology') {
    const { terminologyCapabilities } = await import('../terminology/terminology-capabilities.ts');
    return terminologyCapabilities(request);
  }
  const wanted = askedSubset(asked);
  const texts = made.get(service) ?? new Map<string, Uint8Array>();
  made.set(service, texts);
  const security = await securityCapability(service);
  const version = `${service.parameters.version} ${service.canonicals.generation('StructureDefinition')}`;
  const key = `${version} ${base} ${JSON.stringify(security)}`;
  let text = texts.get(key);
  if (!text) {
    const profiles = await storedProfiles(service);
    text = Buffer.from(JSON.stringify(capabilityStatement(service, base, rows, { profiles, security })));
    if (texts.size >= maxAddresses) texts.clear();
    texts.set(key, text);
  }
  return { status: 200, body: wanted ? [subsetOfText(text, wanted, service.definitions)] : [text] };
}

function subsetOfText(text: Uint8Array, wanted: Subset, definitions: Definitions): Uint8Array {
  return Buffer.from(formatJson(subset(parseJsonObject(text) as Resource, wanted, definitions)));
}
