/** The tables of docs/access.md that are made from the code: what each role allows, and which operations that opens. */
import path from 'node:path';
import { dicomOperations } from '../../functions/dicom/operations.ts';
import { fhirOperations } from '../../functions/fhir/operations.ts';
import { medtechOperations } from '../../functions/medtech/operations.ts';
import { workspaceOperations } from '../../functions/workspace/operations.ts';
import { fhirDataActions } from '../../shared/access/data-actions.ts';
import { mayDo, type Principal } from '../../shared/access/principal.ts';
import { allowedActions, builtInRoles } from '../../shared/access/roles.ts';
import { smartLimits, withinLimits } from '../../shared/access/smart/smart-limits.ts';
import type { Operation } from '../../shared/operations/operation.ts';
import { withSection } from '../generated-section.ts';

export const page = path.resolve(import.meta.dirname, '../../docs/access.md');

type Row = Pick<Operation<never>, 'name' | 'methods' | 'route' | 'access'>;

/** By kind of service; the role names of a kind start with its word, or stand for it alone. */
const kinds: readonly { readonly kind: string; readonly rows: readonly Row[]; readonly roles: RegExp }[] = [
  { kind: 'fhir', rows: fhirOperations, roles: /^(FHIR|Search Parameter Manager)/ },
  { kind: 'dicom', rows: dicomOperations.filter(({ name }) => !isOfPartition(name)), roles: /^DICOM/ },
  { kind: 'medtech', rows: medtechOperations, roles: /^MedTech/ },
  { kind: 'workspace', rows: workspaceOperations, roles: /^$/ },
];

/** The same operation at its address in a data partition. */
function isOfPartition(name: string): boolean {
  return name.startsWith('dicom-partition-');
}

export function withTables(text: string): string {
  return kinds.reduce(
    (page, { kind, rows, roles }) => withSection(page, kind, operationTable(rows, rolesOf(roles))),
    withSection(text, 'roles', roleTable()),
  );
}

function rolesOf(pattern: RegExp): string[] {
  return Object.keys(builtInRoles).filter((name) => pattern.test(name));
}

function roleTable(): string[] {
  const rows = Object.entries(builtInRoles).map(
    ([name, { dataActions }]) => `| ${name} | ${dataActions.map((action) => `\`${action}\``).join(', ')} |`,
  );
  return ['| role | data actions |', '|---|---|', ...rows];
}

function operationTable(rows: readonly Row[], roles: readonly string[]): string[] {
  const lines = rows.map(({ name, methods, route, access }) => {
    const cells = roles.map((role) => (mayDo(principalOf(role), access) ? 'yes' : ''));
    return `| ${[name, `\`${methods.join(', ')} /${readable(route)}\``, actionsOf(access), ...cells].join(' | ')} |`;
  });
  return [
    `| ${['operation', 'request', 'data actions', ...roles].join(' | ')} |`,
    `|${'---|'.repeat(3 + roles.length)}`,
    ...lines,
  ];
}

function actionsOf(access: Row['access']): string {
  if (access === 'public') return 'public';
  if (access.length === fhirDataActions.length) return 'any';
  return access.map((all) => all.join(' + ')).join(', or ');
}

/** `{type:regex(^…$)}` says its name, or the one type that it takes. */
function readable(route: string): string {
  const named = route.replace(/\{type:regex\(\^\(([A-Za-z]+)\)\$\)\}/g, '$1');
  return named.replace(/\{(\w+):regex\(.*?\$\)\}/g, '{$1}').replaceAll('|', '\\|');
}

/** A SMART user as an app with every scope. */
function principalOf(role: string): Principal {
  const allowed = allowedActions([role], 'any', new Map());
  const principal: Principal = { id: role, allows: (action) => allowed.has(action) };
  return allowed.has('smart') ? withinLimits(principal, smartLimits({ scope: everyScope })) : principal;
}

export const everyScope = 'system/*.cruds';

/** What the page says: operation → role → whether it opens it; `public` for everyone. */
export function matrixOf(text: string): ReadonlyMap<string, 'public' | ReadonlyMap<string, boolean>> {
  const matrix = new Map<string, 'public' | ReadonlyMap<string, boolean>>();
  let roles: string[] = [];
  for (const line of text.split('\n')) {
    if (!line.startsWith('| ')) continue;
    const [name = '', request = '', actions = '', ...cells] = line.slice(2, -2).split(/ ?(?<!\\)\| ?/);
    if (name === 'operation') roles = cells;
    else if (request.startsWith('`') && request.includes(' /')) {
      matrix.set(name, actions === 'public' ? 'public' : new Map(roles.map((role, at) => [role, cells[at] === 'yes'])));
    }
  }
  return matrix;
}

/** The line of the page that an operation has. */
export function lineOf(operation: string): string {
  return operation.replace(/^dicom-partition-/, 'dicom-');
}
