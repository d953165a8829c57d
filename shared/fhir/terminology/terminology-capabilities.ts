/** FHIR R4 3.1.0.9, `metadata?mode=terminology`: R4's code systems and what the operations take. Stored ones are found by search. */
import type { FhirRequest, FhirResponse } from '../interactions/interaction.ts';
import { resourceResponse } from '../operations/parameters.ts';

const expansionParameters = ['activeOnly', 'count', 'designation', 'displayLanguage', 'exclude-system', 'filter'];
const moreParameters = ['force-system-version', 'includeDefinition', 'includeDesignations', 'offset', 'system-version'];

export async function terminologyCapabilities({ service, base }: FhirRequest): Promise<FhirResponse> {
  const systems = service.definitions.publishedUrls('CodeSystem').filter((url) => !url.includes('|'));
  return resourceResponse({
    resourceType: 'TerminologyCapabilities',
    url: `${base}/metadata?mode=terminology`,
    version: '0.1.0',
    name: 'OpenHealthDataServicesTerminology',
    title: 'Open Health Data Services, terminology of the FHIR service',
    status: 'active',
    experimental: true,
    date: service.now().toISOString(),
    publisher: 'Open Health Data Services',
    kind: 'instance',
    software: { name: 'Open Health Data Services', version: '0.1.0' },
    implementation: { description: 'FHIR service of Open Health Data Services', url: base },
    codeSystem: systems.map((uri) => ({ uri })),
    expansion: {
      hierarchical: false,
      paging: true,
      incomplete: false,
      parameter: [...expansionParameters, ...moreParameters].map((name) => ({ name })),
      textFilter:
        'Every word of the text is in the code, the display or a designation, without regard to case and accents.',
    },
    codeSearch: 'all',
    validateCode: { translations: false },
    translation: { needsMap: false },
    closure: { translation: false },
  });
}
