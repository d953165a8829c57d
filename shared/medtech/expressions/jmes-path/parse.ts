/** Reads a JMESPath: the classic grammar, without arithmetic, `let` and `$`. */
import { ExpressionSyntaxError } from '../expression.ts';
import { functions } from './functions.ts';
import type { Node, Step } from './syntax.ts';
import { nameOf, type Token, tokens } from './tokens.ts';

const maxTokens = 2000;
const maxDepth = 100;
/** What binds less comes first; of each the left one binds first. Comparators are not alike in JmesPath.Net's grammar. */
const operators = ['|', '||', '&&', '==', '>', '>=', '<', '<=', '!='] as const;

export function parse(text: string): Node {
  const parser = new Parser(text);
  return parser.whole();
}

class Parser {
  private readonly tokens: readonly Token[];
  private readonly length: number;
  private at = 0;
  private depth = 0;

  constructor(text: string) {
    this.tokens = tokens(text);
    this.length = text.length;
    if (this.tokens.length > maxTokens)
      throw new ExpressionSyntaxError(`An expression has at most ${maxTokens} parts.`, 0);
  }

  whole(): Node {
    const node = this.expression();
    if (this.at < this.tokens.length) this.unexpected();
    return node;
  }

  private expression(): Node {
    this.depth += 1;
    if (this.depth > maxDepth) this.fail(`Expressions are at most ${maxDepth} deep in each other.`);
    const node = this.operation(0);
    this.depth -= 1;
    return node;
  }

  /** Of operators that bind as the one at `level` or more. */
  private operation(level: number): Node {
    let node = this.negation();
    for (;;) {
      const found = operators.findIndex((each, index) => index >= level && this.isSymbol(each));
      const by = operators[found];
      if (by === undefined) return node;
      this.at += 1;
      node = operationOf(by, node, this.operation(found + 1));
    }
  }

  private negation(): Node {
    let nots = 0;
    while (this.take('!')) nots += 1;
    let node = this.path();
    for (; nots > 0; nots -= 1) node = { kind: 'not', of: node };
    return node;
  }

  private path(): Node {
    let node = this.primary();
    for (;;) {
      const step = this.step();
      if (!step) return node;
      node = { kind: 'step', of: node, step };
    }
  }

  private primary(): Node {
    const token = this.tokens[this.at];
    if (token?.kind === 'name') return this.nameOrCall(token);
    if (token?.kind === 'literal') {
      this.at += 1;
      return { kind: 'literal', value: token.value };
    }
    if (this.take('@')) return { kind: 'current' };
    if (this.take('*')) return { kind: 'step', of: { kind: 'current' }, step: { kind: 'values' } };
    if (this.take('{')) return this.hash();
    if (this.take('(')) {
      const inner = this.expression();
      this.expect(')');
      return inner;
    }
    const step = this.bracket();
    if (step) return { kind: 'step', of: { kind: 'current' }, step };
    if (this.take('[')) return this.list();
    return this.unexpected();
  }

  /** What may stand behind a path. */
  private step(): Step | undefined {
    if (!this.take('.')) return this.bracket();
    const token = this.tokens[this.at];
    if (token?.kind === 'name') {
      const node = this.nameOrCall(token);
      return node.kind === 'step' ? node.step : { kind: 'apply', node };
    }
    if (this.take('*')) return { kind: 'values' };
    if (this.take('{')) return { kind: 'apply', node: this.hash() };
    if (this.take('[')) return { kind: 'apply', node: this.list() };
    return this.unexpected();
  }

  private bracket(): Step | undefined {
    if (this.take('[]')) return { kind: 'flatten' };
    if (this.take('[?')) {
      const test = this.expression();
      this.expect(']');
      return { kind: 'filter', test };
    }
    if (!this.isSymbol('[')) return undefined;
    const next = this.tokens[this.at + 1];
    const star = next?.kind === 'symbol' && next.text === '*' && this.tokens[this.at + 2]?.text === ']';
    if (star) {
      this.at += 3;
      return { kind: 'items' };
    }
    if (next?.kind !== 'number' && !(next?.kind === 'symbol' && next.text === ':')) return undefined;
    this.at += 1;
    return this.indexOrSlice();
  }

  private indexOrSlice(): Step {
    const parts: (number | undefined)[] = [this.number()];
    while (parts.length < 3 && this.take(':')) parts.push(this.number());
    this.expect(']');
    const [start, end, step] = parts;
    if (parts.length === 1) return { kind: 'index', index: start ?? 0 };
    if (step === 0) this.fail('The step of a slice may not be 0.');
    return {
      kind: 'slice',
      ...(start !== undefined && { start }),
      ...(end !== undefined && { end }),
      ...(step !== undefined && { step }),
    };
  }

  private number(): number | undefined {
    const token = this.tokens[this.at];
    if (token?.kind !== 'number') return undefined;
    this.at += 1;
    return token.value;
  }

  private nameOrCall(token: Extract<Token, { kind: 'name' }>): Node {
    this.at += 1;
    if (!token.quoted && this.take('(')) return this.call(token);
    return { kind: 'step', of: { kind: 'current' }, step: { kind: 'member', name: nameOf(token) } };
  }

  /** An unknown function, or one with too few or many arguments, is a mistake of the mapping, not of an event. */
  private call({ text: name, at }: Token): Node {
    const args: Node[] = [];
    while (!this.take(')')) {
      if (args.length > 0) this.expect(',');
      args.push(this.take('&') ? { kind: 'reference', of: this.expression() } : this.expression());
    }
    const known = Object.hasOwn(functions, name) ? functions[name] : undefined;
    if (!known) throw new ExpressionSyntaxError(`There is no function ${name}.`, at);
    const { least, most = least } = known;
    if (args.length < least || args.length > most) {
      const count = most === least ? `${least}` : `${least} or more`;
      throw new ExpressionSyntaxError(`The function ${name} takes ${count} arguments, not ${args.length}.`, at);
    }
    return { kind: 'call', name, args };
  }

  private list(): Node {
    const items = [this.expression()];
    while (this.take(',')) items.push(this.expression());
    this.expect(']');
    return { kind: 'list', items };
  }

  private hash(): Node {
    const members: [string, Node][] = [];
    do {
      const token = this.tokens[this.at];
      if (token?.kind !== 'name') return this.unexpected();
      this.at += 1;
      this.expect(':');
      const name = nameOf(token);
      if (members.some(([other]) => other === name))
        throw new ExpressionSyntaxError(`The member ${name} is there twice.`, token.at);
      members.push([name, this.expression()]);
    } while (this.take(','));
    this.expect('}');
    return { kind: 'hash', members };
  }

  private isSymbol(text: string): boolean {
    const token = this.tokens[this.at];
    return token?.kind === 'symbol' && token.text === text;
  }

  private take(text: string): boolean {
    if (!this.isSymbol(text)) return false;
    this.at += 1;
    return true;
  }

  private expect(text: string): void {
    if (!this.take(text)) this.unexpected(` ${text} is expected.`);
  }

  private unexpected(instead = ''): never {
    const token = this.tokens[this.at];
    return this.fail(`${token ? `Unexpected ${token.text}.` : 'The expression ends too early.'}${instead}`);
  }

  private fail(message: string): never {
    throw new ExpressionSyntaxError(message, this.tokens[this.at]?.at ?? this.length);
  }
}

function operationOf(by: (typeof operators)[number], left: Node, right: Node): Node {
  if (by === '|') return { kind: 'pipe', left, right };
  if (by === '||') return { kind: 'or', left, right };
  return by === '&&' ? { kind: 'and', left, right } : { kind: 'compare', by, left, right };
}
