/**
 * The terminology of a service: what it stores comes before what R4 publishes under the same URL. What was compiled is kept
 * while nothing that it may have been made of changes.
 */
import type { ResourceStore } from '../../stores/resources/resource-store.ts';
import type { StoredCanonicals } from '../conformance/stored-canonicals.ts';
import type { Definitions } from '../definitions/definitions.ts';
import type { TerminologyType } from '../definitions/published-terminology.ts';
import { FhirError } from '../outcome.ts';
import type { Resource } from '../resource/types.ts';
import { type CodeSystem, compileCodeSystem } from './code-system.ts';
import { grammarSystem } from './grammar-systems.ts';
import { allCodes, implicitValueSet } from './implicit-value-sets.ts';
import { unknownSet } from './member-set.ts';
import type { CodeSystemResource, ValueSetResource } from './resources.ts';
import { storedSupplements, systemsByValueSet } from './stored-terminology.ts';
import type { ChooseVersion, TerminologyService } from './terminology-service.ts';
import { compileValueSet, type ValueSet, valueSetOf } from './value-set.ts';
import { WeighedCache } from './weighed-cache.ts';

/** Concepts, and members of listed value sets, that are kept of each. */
const maxKeptConcepts = 250_000;
/** Value sets that one may import, and they in turn. */
const maxImports = 500;
const maxImportDepth = 30;

export interface StoredTerminology {
  readonly canonicals: StoredCanonicals;
  readonly store: Pick<ResourceStore, 'search'>;
}

/** Without `stored`: what R4 publishes and nothing else. */
export function openTerminology(definitions: Definitions, stored?: StoredTerminology): TerminologyService {
  const generation = (...types: TerminologyType[]) => types.map((type) => stored?.canonicals.generation(type)).join();
  const systems = new WeighedCache<CodeSystem>(maxKeptConcepts, () => generation('CodeSystem'));
  const sets = new WeighedCache<ValueSet>(maxKeptConcepts, () => generation('CodeSystem', 'ValueSet'));
  const ownSets = new WeighedCache<OwnSets>(maxKeptConcepts, () => generation('CodeSystem'));

  const find = async (type: TerminologyType, canonical: string): Promise<Resource | undefined> => {
    const found = await stored?.canonicals.find(type, canonical);
    if (found) return found;
    const [url = '', version] = canonical.split('|');
    const published = definitions.published(type, canonical) ?? definitions.published(type, url);
    return version === undefined || published?.version === version ? published : undefined;
  };

  const compileSystem = async (resource: CodeSystemResource): Promise<CodeSystem> => {
    const { url } = resource;
    const supplements = stored && url !== undefined ? await storedSupplements(stored.store, url) : [];
    return compileCodeSystem(resource, supplements);
  };

  const codeSystem = (canonical: string): Promise<CodeSystem | undefined> =>
    systems.share(canonical, async () => {
      const resource = await stored?.canonicals.find('CodeSystem', canonical);
      const [url = ''] = canonical.split('|');
      const known = resource ? undefined : await grammarSystem(url, definitions);
      if (known) return known;
      const found = resource ?? (await find('CodeSystem', canonical)) ?? publishedCurrencies(definitions, url);
      return found && compileSystem(found as CodeSystemResource);
    });

  const findValueSet = async (canonical: string): Promise<ValueSetResource | undefined> => {
    const found = (await find('ValueSet', canonical)) ?? implicitValueSet(canonical);
    if (found || !stored) return found as ValueSetResource | undefined;
    const own = await ownSets.share('', async () => ({ byValueSet: await systemsByValueSet(stored.store), weight: 0 }));
    const system = own?.byValueSet.get(canonical);
    return system === undefined ? undefined : allCodes(canonical, system);
  };

  const load = async (canonical: string, importing: Importing): Promise<ValueSet | undefined> => {
    const resource = await findValueSet(canonical);
    return resource && compile(resource, { ...importing, chain: [...importing.chain, canonical] });
  };

  const compile = (resource: ValueSetResource, importing: Importing): Promise<ValueSet> =>
    compileValueSet(resource, {
      codeSystem: (canonical) => codeSystem(importing.chooseVersion?.(canonical) ?? canonical),
      importedSet: async (canonical) => {
        if (importing.chain.includes(canonical)) {
          return unknownSet(new FhirError('invalid', `The value set ${canonical} imports itself.`));
        }
        importing.count.left -= 1;
        if (importing.count.left < 0 || importing.chain.length > maxImportDepth) {
          throw new FhirError('too-costly', 'The value set imports too many others.');
        }
        const make = () => load(canonical, importing);
        const imported = await (importing.chooseVersion ? make() : sets.get(canonical, make));
        return imported?.set ?? unknownSet(new FhirError('not-found', `The value set ${canonical} is not known here.`));
      },
    });

  const valueSet = (canonical: string): Promise<ValueSet | undefined> =>
    sets.share(canonical, async () => {
      try {
        return await load(canonical, nothingImported());
      } catch (error) {
        if (!(error instanceof FhirError)) throw error;
        return valueSetOf({ resourceType: 'ValueSet', url: canonical }, unknownSet(error));
      }
    });

  return {
    codeSystem,
    valueSet,
    compile: (resource, chooseVersion) => compile(resource, { ...nothingImported(), chooseVersion }),
    compileSystem,
  };
}

interface OwnSets {
  readonly byValueSet: ReadonlyMap<string, string>;
  readonly weight: number;
}

interface Importing {
  /** From the value set that was asked for to the one that is compiled. */
  readonly chain: readonly string[];
  readonly count: { left: number };
  readonly chooseVersion?: ChooseVersion | undefined;
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
