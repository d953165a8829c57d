/**
 * A FHIR service as a token's limits leave it. Interactions get it in place of the service, so that none of them can
 * forget the limits: what they can reach is limited, or refuses. Every member is named here: a new one does not compile
 * until it is decided what it is under limits.
 */
import type { Principal } from '../../access/principal.ts';
import { type SmartLimits, withinLimits } from '../../access/smart/smart-limits.ts';
import { type StoredCanonicals, storedCanonicals } from '../conformance/stored-canonicals.ts';
import { FhirError } from '../outcome.ts';
import { parseStored } from '../resource/text.ts';
import type { FhirService } from '../service.ts';
import { openTerminology } from '../terminology/open-terminology.ts';
import type { TerminologyService } from '../terminology/terminology-service.ts';
import { commitWithin, currentWithin, type WriteLimits } from './limited-commit.ts';
import { LimitedStore } from './limited-store.ts';
import { ResourceLimits } from './resource-limits.ts';

/** For one request. `base`: absolute URL of the service. Throws 400 for scopes that mean nothing here. */
export function limitedService(service: FhirService, smart: SmartLimits, base: string): FhirService {
  const { definitions } = service;
  const limits = new ResourceLimits(definitions, base, smart);
  const store = new LimitedStore({
    store: service.store,
    limits,
    definitions,
    entriesOf: (version) => service.index(parseStored(version), base),
  });
  const chosen = new Set<string>();
  const writing: WriteLimits = { service, store, limits, smart, chosen };
  let canonicals: StoredCanonicals | undefined;
  let terminology: TerminologyService | undefined;
  const limitedCanonicals = () => {
    canonicals ??= storedCanonicals(store, service.now);
    return canonicals;
  };
  const limitedTerminology = () => {
    terminology ??= openTerminology(definitions, { canonicals: limitedCanonicals(), store });
    return terminology;
  };
  return {
    name: service.name,
    store,
    current: (key) => currentWithin(writing, key),
    newId: () => {
      const id = service.newId();
      chosen.add(id);
      return id;
    },
    commit: commitWithin(writing),
    onCommit: refuse,
    definitions,
    parameters: service.parameters,
    settings: service.settings,
    signingKey: service.signingKey,
    index: service.index,
    validate: service.validate,
    // The rules that a write must keep are the service's, not the token's.
    fullValidation: service.fullValidation,
    get canonicals() {
      return limits.seesAll ? service.canonicals : limitedCanonicals();
    },
    get terminology() {
      return limits.seesAll ? service.terminology : limitedTerminology();
    },
    send: refuse,
    tokens: service.tokens,
    get jobs() {
      return refuse();
    },
    get subscriptions() {
      return limits.seesAll ? service.subscriptions : refuse();
    },
    now: service.now,
    close: refuse,
  };
}

/** The principal for what a request asks about resources of `type`: scopes allow by type. */
export function principalFor(principal: Principal, type: string | undefined): Principal {
  const { smart } = principal;
  return smart && type !== undefined && type !== '*' ? withinLimits(principal, smart, type) : principal;
}

function refuse(): never {
  throw new FhirError('forbidden', 'This is not possible within the limits of the token.');
}
