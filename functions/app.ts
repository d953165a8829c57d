/** What Azure starts: reads the settings and workspace.json, registers the operations of each kind of service. */
import path from 'node:path';
import { type AuditFile, openAuditFile } from '../shared/access/audit-file.ts';
import { type AuditSink, auditToLog } from '../shared/access/audit-record.ts';
import { openAccess } from '../shared/access/authenticate.ts';
import { tokenAccess } from '../shared/access/tokens/token-access.ts';
import { openFhirService } from '../shared/fhir/open-fhir-service.ts';
import { allEndpoints, mount } from '../shared/operations/all-endpoints.ts';
import { registerApp } from '../shared/operations/register.ts';
import { type Services, workspaceServices } from '../shared/workspace/services.ts';
import { readSettings } from '../shared/workspace/settings.ts';
import { type DicomServiceEntry, readWorkspaceFile } from '../shared/workspace/workspace-file.ts';
import { dicomBackground } from './dicom/background.ts';
import { dicomKind } from './dicom/dicom-kind.ts';
import { dicomTimed } from './dicom/dicom-timed.ts';
import { fhirBackground } from './fhir/background.ts';
import { fhirKind } from './fhir/fhir-kind.ts';
import { medtechEvents } from './medtech/events.ts';
import { medtechKind } from './medtech/medtech-kind.ts';
import { workspaceKind } from './workspace/workspace-kind.ts';

const settings = readSettings(process.env);
const workspace = readWorkspaceFile(settings.workspaceFile);
const cors = (name: string) => workspace.services.get(name)?.cors;
const tokens = settings.open
  ? undefined
  : tokenAccess({
      issuers: settings.issuers,
      localIssuerOf: settings.localIssuer ? settings.dataDir : undefined,
      roles: workspace.roles,
      audienceOf: (name) => workspace.services.get(name)?.audience,
      publicUrl: settings.publicUrl,
      fetch,
      now: Date.now,
      logError: (text) => console.error(text),
    });
const services: Services = workspaceServices(workspace, settings.dataDir, {
  fhir: (options) => openFhirService({ ...options, tokens: tokens?.authorityOf(options.name) }),
  dicom: async (options) => (await import('../shared/dicom/open-dicom-service.ts')).openDicomService(options),
  medtech: async (options) => {
    const { openMedtechService } = await import('../shared/medtech/open-medtech-service.ts');
    return openMedtechService({
      ...options,
      fhirService: services.fhir,
      publicUrl: settings.publicUrl ?? `http://localhost:${settings.port}`,
      audit: (record) => audit(JSON.stringify(record), console.log),
    });
  },
});
const maxBodyBytes = (name: string) => workspace.services.get(name)?.maxBodyBytes ?? 0;
const workLimits = (name: string) => {
  const entry = workspace.services.get(name);
  return entry && 'requests' in entry ? entry.requests : undefined;
};
const dicomNames = (has: (entry: DicomServiceEntry) => boolean) =>
  services.names('dicom').filter((name) => {
    const entry = workspace.services.get(name);
    return entry?.kind === 'dicom' && has(entry);
  });
let auditFile: AuditFile | undefined;
const audit: AuditSink = (line, log) => (auditFile ? auditFile.write(line) : auditToLog(line, log));

registerApp({
  endpoints: allEndpoints(
    mount({ ...workspaceKind, service: async () => ({ name: workspace.name, services: services.all }) }),
    [
      mount({
        ...fhirKind,
        names: services.names('fhir'),
        service: services.fhir,
        maxBodyBytes,
        workLimits,
      }),
      mount({ ...dicomKind, names: services.names('dicom'), service: services.dicom, maxBodyBytes, workLimits }),
      mount({ ...medtechKind, names: services.names('medtech'), service: services.medtech, maxBodyBytes }),
    ],
  ),
  background: [...fhirBackground(services.fhir), ...dicomBackground(services.names('dicom'), services.dicom)],
  events: medtechEvents(workspace, services.medtech),
  timed: dicomTimed(
    {
      all: services.names('dicom'),
      telling: dicomNames(({ events }) => events !== undefined),
      importing: dicomNames(({ bulkImport }) => bulkImport),
    },
    services.dicom,
  ),
  address: { publicUrl: settings.publicUrl, trustForwarded: settings.inAzure },
  authenticate: tokens?.authenticate ?? openAccess(cors),
  cors,
  audit,
  start: async () => {
    await services.open();
    if (!settings.inAzure) auditFile = await openAuditFile(path.join(settings.dataDir, 'audit.ndjson'));
  },
  stop: async () => {
    await services.close();
    await auditFile?.close();
  },
});
