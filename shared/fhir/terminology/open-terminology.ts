/**
 * The terminology of a service: what it stores comes before what R4 publishes under the same URL. What was compiled is kept
 * while nothing that it may have been made of changes.
 */
import type { StoredCanonicals } from '../conformance/stored-canonicals.ts';
import type { Definitions } from '../definitions/definitions.ts';
import type { TerminologyType } from '../definitions/published-terminology.ts';
import { FhirError } from '../outcome.ts';
import type { Resource } from '../resource/types.ts';
import { type CodeSystem, compileCodeSystem } from './code-system.ts';
import { grammarSystem } from './grammar-systems.ts';
import { implicitValueSet } from './implicit-value-sets.ts';
import { unknownSet } from './member-set.ts';
import type { CodeSystemResource, ValueSetResource } from './resources.ts';
import type { TerminologyService } from './terminology-service.ts';
import { compileValueSet, type ValueSet, valueSetOf } from './value-set.ts';
import { WeighedCache } from './weighed-cache.ts';

/** Concepts, and members of listed value sets, that are kept: some 100 MB at the very most. */
const maxKeptConcepts = 250_000;
/** Value sets that one may import, and they in turn. */
const maxImports = 500;
const maxImportDepth = 30;

/** The supplements of the code system with that url that are stored. */
export type FindSupplements = (system: string) => Promise<readonly Resource[]>;

/** Without `canonicals`: what R4 publishes and nothing else. */
export function openTerminology(
  definitions: Definitions,
  canonicals?: StoredCanonicals,
  supplementsOf: FindSupplements = async () => [],
): TerminologyService {
  const generation = (...types: TerminologyType[]) => types.map((type) => canonicals?.generation(type) ?? 0).join();
  const systems = new WeighedCache<CodeSystem>(maxKeptConcepts, () => generation('CodeSystem'));
  const sets = new WeighedCache<ValueSet>(maxKeptConcepts, () => generation('CodeSystem', 'ValueSet'));

  const find = async (type: TerminologyType, canonical: string): Promise<Resource | undefined> => {
    const stored = await canonicals?.find(type, canonical);
    if (stored) return stored;
    const [url = '', version] = canonical.split('|');
    const published = definitions.published(type, canonical) ?? definitions.published(type, url);
    return version === undefined || published?.version === version ? published : undefined;
  };

  const codeSystem = (canonical: string): Promise<CodeSystem | undefined> =>
    systems.get(canonical, async () => {
      const stored = await canonicals?.find('CodeSystem', canonical);
      const [url = ''] = canonical.split('|');
      const grammar = stored ? undefined : await grammarSystem(url);
      if (grammar) return grammar;
      const resource = stored ?? (await find('CodeSystem', canonical)) ?? publishedCurrencies(definitions, url);
      return (
        resource &&
        compileCodeSystem(resource as CodeSystemResource, (await supplementsOf(url)) as CodeSystemResource[])
      );
    });

  const load = async (canonical: string, importing: Importing): Promise<ValueSet | undefined> => {
    const resource = (await find('ValueSet', canonical)) ?? implicitValueSet(canonical);
    return resource && compile(resource as ValueSetResource, { ...importing, chain: [...importing.chain, canonical] });
  };

  const compile = (resource: ValueSetResource, importing: Importing): Promise<ValueSet> =>
    compileValueSet(resource, {
      codeSystem: (canonical) => codeSystem(importing.versions?.get(canonical) ?? canonical),
      importedSet: async (canonical) => {
        if (importing.chain.includes(canonical)) {
          return unknownSet(new FhirError('invalid', `The value set ${canonical} imports itself.`));
        }
        importing.count.left -= 1;
        if (importing.count.left < 0 || importing.chain.length > maxImportDepth) {
          throw new FhirError('too-costly', 'The value set imports too many others.');
        }
        const make = () => load(canonical, importing);
        const imported = await (importing.versions ? make() : sets.get(canonical, make));
        return imported ?? unknownSet(new FhirError('not-found', `The value set ${canonical} is not known here.`));
      },
    });

  const valueSet = (canonical: string): Promise<ValueSet | undefined> =>
    sets.get(canonical, async () => {
      try {
        return await load(canonical, nothingImported());
      } catch (error) {
        if (error instanceof FhirError)
          return valueSetOf({ resourceType: 'ValueSet', url: canonical }, unknownSet(error));
        throw error;
      }
    });

  return {
    codeSystem,
    valueSet,
    compile: (resource, versions) => compile(resource, { ...nothingImported(), versions }),
  };
}

interface Importing {
  /** From the value set that was asked for to the one that is compiled. */
  readonly chain: readonly string[];
  readonly count: { left: number };
  /** `url` → `url|version`, for a set that is not kept. */
  readonly versions?: ReadonlyMap<string, string> | undefined;
}

function nothingImported(): Importing {
  return { chain: [], count: { left: maxImports } };
}

/** R4 publishes the codes of ISO 4217 as the expansion of a value set only. */
function publishedCurrencies(definitions: Definitions, url: string): CodeSystemResource | undefined {
  if (url !== 'urn:iso:std:iso:4217') return undefined;
  const currencies = definitions.published('ValueSet', 'http://hl7.org/fhir/ValueSet/currencies') as ValueSetResource;
  const concept = (currencies.expansion?.contains ?? []).map(({ code = '', display = '' }) => ({ code, display }));
  return { resourceType: 'CodeSystem', url, name: 'ISO4217', status: 'active', content: 'complete', concept };
}
