/** The opened services of a workspace. */
import path from 'node:path';
import type { DicomService } from '../dicom/service.ts';
import type { FhirService } from '../fhir/service.ts';
import type { MedtechService } from '../medtech/service.ts';
import type {
  DicomServiceEntry,
  FhirServiceEntry,
  MedtechServiceEntry,
  ServiceEntry,
  WorkspaceFile,
} from './workspace-file.ts';

type Open<Entry, Service> = (options: { name: string; entry: Entry; dataDir: string }) => Promise<Service>;

/** How a service of each kind is opened. */
export interface Openers {
  readonly fhir: Open<FhirServiceEntry, FhirService>;
  readonly dicom: Open<DicomServiceEntry, DicomService>;
  readonly medtech: Open<MedtechServiceEntry, MedtechService>;
}

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
  dicom(name: string): Promise<DicomService>;
  medtech(name: string): Promise<MedtechService>;
  /** Opens every service. When one cannot be opened, closes the others and rejects. */
  open(): Promise<void>;
  close(): Promise<void>;
}

export function workspaceServices(file: WorkspaceFile, dataDir: string, openers: Openers): Services {
  const folder = path.resolve(dataDir);
  const opened = {
    fhir: new Map<string, Promise<FhirService>>(),
    dicom: new Map<string, Promise<DicomService>>(),
    medtech: new Map<string, Promise<MedtechService>>(),
  };
  const all = () => [...opened.fhir.values(), ...opened.dicom.values(), ...opened.medtech.values()];
  const found = <Service>(services: ReadonlyMap<string, Promise<Service>>, name: string): Promise<Service> =>
    services.get(name) ?? Promise.reject(new Error(`Service ${name} has not been opened.`));
  const fhir = (name: string) => found(opened.fhir, name);
  const dicom = (name: string) => found(opened.dicom, name);
  const medtech = (name: string) => found(opened.medtech, name);
  const check = {
    fhir: async (name: string) => (await fhir(name)).store.check(),
    dicom: async (name: string) => {
      const { index, blobs, worklist } = await dicom(name);
      await Promise.all([index.check(), blobs.check(), worklist.check()]);
    },
    medtech: async (name: string) => void (await medtech(name)),
  };

  const close = async () => {
    const services = await Promise.allSettled(all());
    opened.fhir.clear();
    opened.dicom.clear();
    opened.medtech.clear();
    await Promise.all(services.map((result) => result.status === 'fulfilled' && result.value.close()));
  };

  return {
    names: (kind) => [...file.services].filter(([, entry]) => entry.kind === kind).map(([name]) => name),
    all: [...file.services].map(([name, { kind }]) => ({ name, kind, check: () => check[kind](name) })),
    fhir,
    dicom,
    medtech,
    open: async () => {
      for (const [name, entry] of file.services) {
        if (entry.kind === 'fhir') opened.fhir.set(name, openers.fhir({ name, entry, dataDir: folder }));
        else if (entry.kind === 'medtech') opened.medtech.set(name, openers.medtech({ name, entry, dataDir: folder }));
        else opened.dicom.set(name, openers.dicom({ name, entry, dataDir: folder }));
      }
      const [failure] = (await Promise.allSettled(all())).filter((result) => result.status === 'rejected');
      if (!failure) return;
      await close();
      throw failure.reason;
    },
    close,
  };
}
