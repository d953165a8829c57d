/**
 * The plain paths that search expressions are, compiled against the definitions: steps through JSON whose element types
 * are known before any resource is seen. A test compares them with the FHIRPath engine over every example.
 */
import type { Definitions, TypeDefinition } from '../definitions/definitions.ts';
import { isObject } from '../resource/json.ts';
import type { JsonObject, JsonValue } from '../resource/types.ts';

/** One way through a resource to elements of one type. A choice element is one way per type. */
export interface TypedPath {
  readonly steps: readonly Step[];
  /** `HumanName`, `code`; for `Resource` the type is known only by the element itself. */
  readonly type: string;
  /** `Patient.gender`, `ContactPoint.use`: the definition of the last element. Empty for a whole resource. */
  readonly element: string;
  /** Starts at the resource even where it is evaluated on an element of it (`%resource`). */
  readonly fromResource: boolean;
}

interface Step {
  readonly name: string;
  /** Keeps the items whose `member` is `equals`. */
  readonly where?: { readonly member: string; readonly equals: string };
  /** Keeps one item of the list. */
  readonly at?: number;
}

/** `extension.value.extension.value` has thousands of ways: more than this is no plain path. */
const maxPaths = 500;

/** Thrown inside the compiler only. */
class NotPlain extends Error {}

/**
 * Compiles `expression`, which starts at an element of `type` in a resource of `resourceType` (a whole resource: the same).
 * Undefined when it is more than a plain path.
 */
export function compileTypedPaths(
  definitions: Definitions,
  expression: string,
  type: string,
  resourceType: string = type,
): readonly TypedPath[] | undefined {
  try {
    return new Compiler(definitions, tokens(expression), type, resourceType).expression();
  } catch (error) {
    if (error instanceof NotPlain) return undefined;
    throw error;
  }
}

/** Adds the elements that `path` leads to from `from` to `found`. */
export function follow(path: TypedPath, from: JsonObject, resource: JsonObject, found: JsonValue[]): void {
  walk(path.fromResource ? resource : from, path.steps, 0, found);
}

function walk(value: JsonValue, steps: readonly Step[], at: number, found: JsonValue[]): void {
  const step = steps[at];
  if (!step) {
    found.push(value);
    return;
  }
  const next = isObject(value) ? value[step.name] : undefined;
  if (Array.isArray(next)) {
    const items = step.at === undefined ? next : next.slice(step.at, step.at + 1);
    for (const item of items) if (keeps(step, item)) walk(item, steps, at + 1, found);
  } else if (next !== undefined && keeps(step, next)) {
    walk(next, steps, at + 1, found);
  }
}

/** A null in a list stands for a primitive that has nothing but extensions. */
function keeps({ where }: Step, item: JsonValue): boolean {
  if (item === null) return false;
  return where === undefined || (isObject(item) && item[where.member] === where.equals);
}

function tokens(expression: string): string[] {
  const pattern = /\s*([A-Za-z_]\w*|'[^'\\]*'|\d+|[().|=[\]%])/y;
  const found: string[] = [];
  const text = expression.trim();
  while (pattern.lastIndex < text.length) {
    const token = pattern.exec(text)?.[1];
    if (token === undefined) throw new NotPlain();
    found.push(token);
  }
  return found;
}

class Compiler {
  private readonly definitions: Definitions;
  private readonly tokens: readonly string[];
  private readonly type: string;
  private readonly resourceType: string;
  private at = 0;

  constructor(definitions: Definitions, tokens: readonly string[], type: string, resourceType: string) {
    this.definitions = definitions;
    this.tokens = tokens;
    this.type = type;
    this.resourceType = resourceType;
  }

  expression(): TypedPath[] {
    const paths = this.union();
    if (this.at < this.tokens.length) throw new NotPlain();
    return paths;
  }

  private union(): TypedPath[] {
    const paths = this.path();
    while (this.take('|')) paths.push(...this.path());
    return paths;
  }

  private path(): TypedPath[] {
    let paths = this.start();
    for (;;) {
      if (this.take('.')) paths = this.invocation(paths, this.next());
      else if (this.take('[')) paths = this.index(paths, this.next());
      else return paths;
    }
  }

  private start(): TypedPath[] {
    if (this.take('(')) {
      const paths = this.union();
      this.expect(')');
      return paths;
    }
    if (this.take('%')) {
      this.expect('resource');
      return [{ steps: [], type: this.resourceType, element: '', fromResource: true }];
    }
    const name = this.next();
    const here: TypedPath = { steps: [], type: this.type, element: '', fromResource: false };
    if (name === this.type || name === 'Resource' || name === 'DomainResource') return [here];
    return this.definitions.isResourceType(name) ? [] : this.invocation([here], name);
  }

  private invocation(paths: readonly TypedPath[], name: string): TypedPath[] {
    if (!this.take('(')) {
      const children = paths.flatMap((path) => this.children(path, name));
      if (children.length > maxPaths) throw new NotPlain();
      return children;
    }
    const result = this.call(paths, name);
    this.expect(')');
    return result;
  }

  private call(paths: readonly TypedPath[], name: string): TypedPath[] {
    if (name === 'ofType' || name === 'as') {
      const type = this.next();
      return paths.filter((path) => path.type === type);
    }
    if (name === 'where') {
      const member = this.next();
      this.expect('=');
      return this.only(paths, member, this.literal());
    }
    if (name === 'combine') return [...paths, ...this.union()];
    if (name === 'extension') {
      const url = this.literal();
      return this.only(
        paths.flatMap((path) => this.children(path, 'extension')),
        'url',
        url,
      );
    }
    throw new NotPlain();
  }

  private children(path: TypedPath, name: string): TypedPath[] {
    const definition = this.definitions.type(path.type);
    if (!definition || path.type === 'Resource') throw new NotPlain();
    if (definition.kind === 'primitive-type') {
      if (ofPrimitives.has(name)) throw new NotPlain();
      return [];
    }
    return elementsNamed(definition, name).map((element) => ({
      ...path,
      steps: [...path.steps, { name: element.name }],
      type: element.type,
      element: `${definition.name}.${element.name}`,
    }));
  }

  private only(paths: readonly TypedPath[], member: string, equals: string): TypedPath[] {
    return paths.map((path) => {
      const last = path.steps.at(-1);
      if (!last || last.where) throw new NotPlain();
      return { ...path, steps: [...path.steps.slice(0, -1), { ...last, where: { member, equals } }] };
    });
  }

  /** Counts within one list, so it is plain only at the top of a resource: deeper lists count as one in FHIRPath. */
  private index(paths: readonly TypedPath[], digits: string): TypedPath[] {
    this.expect(']');
    return paths.map((path) => {
      const [step, ...deeper] = path.steps;
      if (!step || step.where || deeper.length > 0 || !/^\d+$/.test(digits)) throw new NotPlain();
      return { ...path, steps: [{ ...step, at: Number(digits) }] };
    });
  }

  private literal(): string {
    const token = this.next();
    if (!token.startsWith("'")) throw new NotPlain();
    return token.slice(1, -1);
  }

  private next(): string {
    const token = this.tokens[this.at];
    if (token === undefined) throw new NotPlain();
    this.at += 1;
    return token;
  }

  private take(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at += 1;
    return true;
  }

  private expect(token: string): void {
    if (!this.take(token)) throw new NotPlain();
  }
}

/** What a primitive has besides its value is beside it in JSON; nothing else is below it. */
const ofPrimitives = new Set(['id', 'extension', 'value']);

function elementsNamed({ elements }: TypeDefinition, name: string) {
  const element = elements.get(name);
  return element ? [element] : [...elements.values()].filter(({ choice }) => choice === name);
}
