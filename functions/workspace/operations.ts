/** The workspace's own addresses: a page with its services, and their health. */
import type { Answer, Call, Operation } from '../../shared/operations/operation.ts';
import type { ServiceStatus, Services } from '../../shared/workspace/services.ts';

export interface Workspace {
  readonly name: string;
  readonly services: Services['all'];
}

export const workspaceOperations: readonly Operation<Workspace>[] = [
  { name: 'workspace-home', methods: ['GET'], route: '', access: 'public', body: { kind: 'none' }, handler: home },
  {
    name: 'workspace-health',
    methods: ['GET'],
    route: 'health/check',
    access: 'public',
    body: { kind: 'none' },
    handler: health,
  },
];

const json = { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' };

async function home(call: Call<Workspace>): Promise<Answer> {
  const { name } = call.service;
  const services = call.service.services.map((service) => ({
    name: service.name,
    kind: service.kind,
    url: `${call.base}/${service.name}`,
  }));
  if (!prefersHtml(call.headers.get('accept'))) return { status: 200, headers: json, body: toJson({ name, services }) };
  // Names and kinds are checked against a pattern of letters, digits and hyphens, but the address comes from the request.
  const rows = services.map(({ kind, url }) => `<li>${kind}: <a href="${escapeHtml(url)}">${escapeHtml(url)}</a></li>`);
  const body = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>${name}</title>
<h1>${name}</h1>
<p>Open Health Data Services</p>
<ul>
${rows.join('\n')}
<li><a href="${escapeHtml(call.base)}/health/check">health</a></li>
</ul>
</html>
`;
  return { status: 200, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body };
}

/** The shape of AHDS's health check. */
async function health(call: Call<Workspace>): Promise<Answer> {
  const details = await Promise.all(call.service.services.map(checkService));
  const healthy = details.every(({ status }) => status === 'Healthy');
  const overallStatus = healthy ? 'Healthy' : 'Unhealthy';
  return { status: healthy ? 200 : 503, headers: json, body: toJson({ overallStatus, details }) };
}

async function checkService({ name, kind, check }: ServiceStatus) {
  try {
    await check();
    return { name, status: 'Healthy', description: `The ${kind} service's store reads and writes.`, data: {} };
  } catch {
    return { name, status: 'Unhealthy', description: `The ${kind} service's store does not answer.`, data: {} };
  }
}

/** A browser names text/html; scripts send nothing, a wildcard or a JSON type. */
function prefersHtml(accept: string | null): boolean {
  return accept?.toLowerCase().includes('text/html') ?? false;
}

function toJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
