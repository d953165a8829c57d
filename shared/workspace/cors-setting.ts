import type { CorsRules } from '../operations/cors.ts';
import type { CheckedObject } from './checked-object.ts';

type Refuse = (below: string, expected: string) => never;

const properties = ['origins', 'methods', 'headers', 'maxAge', 'allowCredentials'];
const methodNames = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const maxMaxAge = 99_999;

/** The `cors` of a service's entry; nothing where it has none. */
export function corsOf(entry: CheckedObject): { readonly cors?: CorsRules } {
  if (!entry.has('cors')) return {};
  return { cors: corsSetting(entry.get('cors'), (below, expected) => entry.refuse(`.cors${below}`, expected)) };
}

/** The `cors` of a service in workspace.json. `refuse` tells what is wrong with the value `below` it. */
function corsSetting(value: unknown, refuse: Refuse): CorsRules {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse('', 'an object');
  const given = value as Record<string, unknown>;
  const unknown = Object.keys(given).find((name) => !properties.includes(name));
  if (unknown !== undefined) refuse(`.${unknown}`, `one of the properties ${properties.join(', ')}`);
  const list = (name: string, fallback: readonly string[] | undefined, fits: (text: string) => boolean, rule: string) =>
    textsOf(given[name] ?? fallback, fits) ?? refuse(`.${name}`, `a list of ${rule}`);
  const { maxAge, allowCredentials = false } = given;
  if (typeof allowCredentials !== 'boolean') refuse('.allowCredentials', 'true or false');
  const origins = list('origins', undefined, isOrigin, 'origins such as "https://app.example", or "*"');
  if (allowCredentials && origins.includes('*')) refuse('.origins', 'a list without "*" when credentials are allowed');
  return {
    origins,
    methods: list('methods', ['*'], (text) => text === '*' || methodNames.includes(text), 'HTTP methods, or "*"'),
    headers: list('headers', ['*'], (text) => /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(text), 'header names, or "*"'),
    allowCredentials: allowCredentials === true,
    ...(maxAge !== undefined && { maxAge: seconds(maxAge) ?? refuse('.maxAge', `seconds, 0 to ${maxMaxAge}`) }),
  };
}

function textsOf(value: unknown, fits: (text: string) => boolean): readonly string[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.every((text) => typeof text === 'string' && fits(text)) ? value : undefined;
}

function isOrigin(text: string): boolean {
  return text === '*' || (URL.canParse(text) && new URL(text).origin === text);
}

function seconds(value: unknown): number | undefined {
  const fits = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= maxMaxAge;
  return fits ? value : undefined;
}
