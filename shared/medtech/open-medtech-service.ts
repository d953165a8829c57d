import path from 'node:path';
import { openAuditFile } from '../access/audit-file.ts';
import type { AuditRecord } from '../access/audit-record.ts';
import type { FhirService } from '../fhir/service.ts';
import { openDeadLetterStore } from '../stores/embedded/open-embedded-stores.ts';
import { DeadLetters } from './dead-letter/dead-letters.ts';
import { openIdentities } from './identity/resolve-identity.ts';
import { type Ingest, openIngest } from './ingest/ingest.ts';
import { mappingFiles } from './ingest/mapping-files.ts';
import { MetricLines } from './metrics.ts';
import type { FhirPort } from './persist/fhir-port.ts';
import { LocalFhir } from './persist/local-fhir.ts';
import { openObservationSaver } from './persist/save-observation.ts';
import type { MedtechService, MedtechSettings } from './service.ts';

export interface MedtechServiceOptions {
  readonly name: string;
  readonly entry: MedtechSettings;
  readonly dataDir: string;
  /** The FHIR service of that name in this workspace; waits until it is open. */
  readonly fhirService: (name: string) => Promise<FhirService>;
  /** `http://localhost:7071` */
  readonly publicUrl: string;
  readonly audit: (record: AuditRecord) => void;
}

/** Opens the MedTech service `name`. Without mappings it opens all the same, and its events wait. */
export async function openMedtechService(options: MedtechServiceOptions): Promise<MedtechService> {
  const { name, entry, dataDir } = options;
  const now = () => new Date();
  const blobs = await openDeadLetterStore({ dataDir, service: name });
  const metricsFile = await openAuditFile(path.join(dataDir, 'medtech', name, 'metrics.ndjson'));
  const metrics = new MetricLines(name, (line) => metricsFile.write(line));
  const mappings = mappingFiles(entry, (message) => console.error(`MedTech service ${name}: ${message}`));
  const letters = new DeadLetters(blobs);

  const openPipeline = async (): Promise<Ingest> => {
    const fhir = await openFhirPort(options);
    const { resolution, strictIdentity, cacheSize, defaultDeviceIdentifierSystem } = entry;
    const onContention = () => metrics.add('FHIRResourceContention', 1, { Operation: 'FHIRConversion' });
    return openIngest({
      mappings,
      identities: openIdentities({
        fhir,
        now,
        resolution,
        strictIdentity,
        cacheSize,
        ...(defaultDeviceIdentifierSystem !== undefined && { defaultDeviceIdentifierSystem }),
      }),
      saver: openObservationSaver({ fhir, cacheSize, now, onContention }),
      fhir,
      metrics,
      grouping: { subSecondIdentity: entry.subSecondIdentity },
      now,
    });
  };
  let pipeline: Promise<Ingest> | undefined;
  /** Waits for the FHIR service, which opens at the same time as this one. */
  const ingest: Ingest = async (events) => {
    pipeline ??= openPipeline();
    return (await pipeline)(events);
  };

  return {
    name,
    settings: entry,
    letters,
    ingest,
    receive: async (events) => {
      const ingested = await ingest(events);
      await letters.add(ingested, now());
      metrics.flush(now());
    },
    close: async () => {
      metrics.flush(now());
      await metricsFile.close();
      await blobs.close();
    },
  };
}

async function openFhirPort({ name, entry, fhirService, publicUrl, audit }: MedtechServiceOptions): Promise<FhirPort> {
  const { fhirService: target } = entry;
  if (!/^https?:/.test(target)) {
    const service = await fhirService(target);
    return new LocalFhir({ service, base: `${publicUrl}/${target}`, who: `medtech/${name}`, audit });
  }
  const { RemoteFhir } = await import('./persist/remote-fhir.ts');
  // A FHIR service on this machine is open, another one wants a token.
  if (/^http:\/\/(localhost|127\.0\.0\.1)(:|\/|$)/.test(target)) return new RemoteFhir({ url: target });
  const { azureToken } = await import('./persist/azure-token.ts');
  return new RemoteFhir({ url: target, token: azureToken(target) });
}
