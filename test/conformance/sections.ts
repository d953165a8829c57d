/** The parts of docs/conformance.md that are made from the code: operations from their rows, scenarios from the tests. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { interactionRows } from '../../shared/fhir/interactions/rows.ts';
import { withSection } from '../generated-section.ts';
import { classesOf, scenarioAreas } from './scenario-catalogue.ts';

export const root = path.resolve(import.meta.dirname, '../..');
export const page = path.join(root, 'docs/conformance.md');

/** The page with its generated sections made anew. Throws when a section's marks are missing. */
export function withSections(text: string): string {
  return withSection(withSection(text, 'operations', operationTable()), 'scenarios', scenarioTable());
}

/** The scenario classes that a `describe('Name: …')` (or `Name, Other: …`) of some test file stands for, with those files. */
export function scenarioFiles(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const file of globSync('{functions,shared,local,test}/**/*.test.ts', { cwd: root }).toSorted()) {
    const text = readFileSync(path.join(root, file), 'utf8');
    for (const [, names = ''] of text.matchAll(/\bdescribe[^\n]*?\(\s*['"`](\w+(?:, \w+)*): /g)) {
      for (const name of names.split(', ')) found.set(name, (found.get(name) ?? new Set()).add(file));
    }
  }
  return new Map([...found].map(([name, files]) => [name, [...files]]));
}

function operationTable(): string[] {
  const rows = interactionRows.map(({ name, method, path: address, access }) => {
    const actions = access === 'public' ? 'public' : access.map((all) => all.join(' + ')).join(', or ');
    return `| ${name} | \`${method} /${address}\` | ${actions} |`;
  });
  return ['| interaction | request, behind the service | data actions |', '|---|---|---|', ...rows];
}

function scenarioTable(): string[] {
  const files = scenarioFiles();
  const rows = scenarioAreas.flatMap((area) =>
    classesOf(area).map(({ name, methods, rows: data }) => {
      const ours = (files.get(name) ?? []).map((file) => `\`${file}\``).join(', ');
      return `| ${area.area} | ${name} | ${methods} + ${data} | ${ours || 'none yet'} |`;
    }),
  );
  return ['| area | class | methods + data rows there | tests here |', '|---|---|---|---|', ...rows];
}
