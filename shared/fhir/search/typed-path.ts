/**
 * The plain paths that search expressions are, compiled against the definitions: steps through JSON whose element types
 * are known before any resource is seen. A test compares them with the FHIRPath engine over every example.
 */
import type { Definitions, TypeDefinition } from '../definitions/definitions.ts';
import { isObject } from '../resource/json.ts';
import { type Criteria, type TypedPath, valuesAt } from './follow-path.ts';

export { follow, type TypedPath } from './follow-path.ts';

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
    if (name === 'where') return this.where(paths);
    if (name === 'combine') return [...paths, ...this.union()];
    if (name === 'extension') {
      const url = this.literal();
      const extensions = paths.flatMap((path) => this.children(path, 'extension'));
      return extensions.map((path) => only(path, (item) => isObject(item) && item.url === url));
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

  /** The criteria are compiled for each type that the items may have. */
  private where(paths: readonly TypedPath[]): TypedPath[] {
    const start = this.at;
    if (paths.length === 0) this.either(undefined);
    return paths.map((path) => {
      this.at = start;
      return only(path, this.either(path.type));
    });
  }

  private either(type: string | undefined): Criteria {
    const first = this.both(type);
    if (!this.take('or')) return first;
    const rest = this.either(type);
    return (item) => first(item) || rest(item);
  }

  private both(type: string | undefined): Criteria {
    const first = this.criterion(type);
    if (!this.take('and')) return first;
    const rest = this.both(type);
    return (item) => first(item) && rest(item);
  }

  /** `system = 'phone'`, `code.coding.exists()`, or criteria in parentheses. FHIRPath: a list equals no single value. */
  private criterion(type: string | undefined): Criteria {
    if (this.take('(')) {
      const inner = this.either(type);
      this.expect(')');
      return inner;
    }
    const names: string[] = [];
    let below = type;
    for (;;) {
      const name = this.next();
      if (name === 'exists' && names.length > 0 && this.take('(')) {
        this.expect(')');
        return (item) => valuesAt(item, names).length > 0;
      }
      below = this.member(below, name);
      names.push(name);
      if (!this.take('.')) break;
    }
    this.expect('=');
    if (below !== undefined && !texts.has(below)) throw new NotPlain();
    const equals = this.literal();
    return (item) => {
      const values = valuesAt(item, names);
      return values.length === 1 && values[0] === equals;
    };
  }

  /** The type of an element that is no choice. */
  private member(type: string | undefined, name: string): string | undefined {
    if (type === undefined) return undefined;
    const element = this.definitions.type(type)?.elements.get(name);
    if (!element) throw new NotPlain();
    return element.type;
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

/** Types whose value in JSON is the text that FHIRPath compares. */
const texts = new Set(['string', 'code', 'uri', 'url', 'canonical', 'id', 'oid', 'uuid', 'markdown']);

function only(path: TypedPath, where: Criteria): TypedPath {
  const last = path.steps.at(-1);
  if (!last || last.where) throw new NotPlain();
  return { ...path, steps: [...path.steps.slice(0, -1), { ...last, where }] };
}

/** What a primitive has besides its value is beside it in JSON; nothing else is below it. */
const ofPrimitives = new Set(['id', 'extension', 'value']);

function elementsNamed({ elements }: TypeDefinition, name: string) {
  const element = elements.get(name);
  return element ? [element] : [...elements.values()].filter(({ choice }) => choice === name);
}
