/** The opened services of a workspace. */
import path from 'node:path';
import type { FhirService } from '../fhir/service.ts';
import type { FhirServiceEntry, ServiceEntry, WorkspaceFile } from './workspace-file.ts';

export type OpenFhirService = (options: {
  name: string;
  entry: FhirServiceEntry;
  dataDir: string;
}) => Promise<FhirService>;

/** What the workspace's own pages show of a service. */
export interface ServiceStatus {
  readonly name: string;
  readonly kind: ServiceEntry['kind'];
  /** Resolves when the service's store can read and write. */
  readonly check: () => Promise<void>;
}

export interface Services {
  /** The names of a kind's instances, in the file's order. */
  names(kind: ServiceEntry['kind']): string[];
  readonly all: readonly ServiceStatus[];
  /** The opened service; waits for `open`. */
  fhir(name: string): Promise<FhirService>;
  /** Opens every service. When one cannot be opened, closes the others and rejects. */
  open(): Promise<void>;
  close(): Promise<void>;
}

export function workspaceServices(file: WorkspaceFile, dataDir: string, openFhir: OpenFhirService): Services {
  const opened = new Map<string, Promise<FhirService>>();
  const fhir = (name: string): Promise<FhirService> =>
    opened.get(name) ?? Promise.reject(new Error(`Service ${name} has not been opened.`));

  const close = async () => {
    const services = await Promise.allSettled(opened.values());
    opened.clear();
    await Promise.all(services.map((result) => result.status === 'fulfilled' && result.value.close()));
  };

  return {
    names: (kind) => [...file.services].filter(([, entry]) => entry.kind === kind).map(([name]) => name),
    all: [...file.services].map(([name, { kind }]) => ({
      name,
      kind,
      check: async () => (await fhir(name)).store.check(),
    })),
    fhir,
    open: async () => {
      for (const [name, entry] of file.services) {
        opened.set(name, openFhir({ name, entry, dataDir: path.resolve(dataDir) }));
      }
      const [failure] = (await Promise.allSettled(opened.values())).filter((result) => result.status === 'rejected');
      if (!failure) return;
      await close();
      throw failure.reason;
    },
    close,
  };
}
