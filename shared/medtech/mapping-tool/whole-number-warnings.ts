/** Where a JMESPath may divide two whole numbers: the fraction is lost, though AHDS's documentation shows it. */
import { expressionMembers } from '../device-mapping/read-template.ts';
import { ExpressionSyntaxError } from '../expressions/expression.ts';
import { parse } from '../expressions/jmes-path/parse.ts';
import type { Node } from '../expressions/jmes-path/syntax.ts';
import { kindOf } from '../json/kind.ts';
import type { MappingObject } from '../json/mapping-object.ts';
import type { MappingProblem } from '../mapping-problem.ts';
import { deviceTemplateObjects, type WrittenExpression, writtenExpression } from './device-template-objects.ts';

const losses: Readonly<Record<string, string>> = {
  divide: 'divide() of two whole numbers drops the fraction: divide(40, 50) is 0.',
  pow: 'pow() of two whole numbers is rounded to a whole number: pow(2, -1) is 0.',
};
const remedy = 'If one of them should not be whole, multiply it by `1.0` first.';

export function wholeNumberWarnings(deviceText: string): MappingProblem[] {
  const problems: MappingProblem[] = [];
  for (const template of deviceTemplateObjects(deviceText, problems)) {
    for (const expression of expressionsOf(template)) {
      for (const name of Object.keys(losses)) {
        if (expression.isJmesPath && callsOfWhole(expression.text, name)) expression.warn(`${losses[name]} ${remedy}`);
      }
    }
  }
  return problems.filter(({ level }) => level === 'warning');
}

function expressionsOf(template: MappingObject): WrittenExpression[] {
  const language = template.text('defaultExpressionLanguage') ?? 'JsonPath';
  const own = expressionMembers.map((name) => writtenExpression(template, name, language));
  const values = (template.list('values') ?? []).map((value) => writtenExpression(value, 'valueExpression', language));
  return [...own, ...values].filter((each) => each !== undefined);
}

function callsOfWhole(text: string, name: string): boolean {
  try {
    return has(parse(text), (node) => node.kind === 'call' && node.name === name && node.args.every(mayBeWhole));
  } catch (error) {
    // The mapping's reader tells of it.
    if (error instanceof ExpressionSyntaxError) return false;
    throw error;
  }
}

function has(node: Node, test: (node: Node) => boolean): boolean {
  return test(node) || partsOf(node).some((part) => has(part, test));
}

function partsOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'current':
    case 'literal':
      return [];
    case 'list':
      return node.items;
    case 'hash':
      return node.members.map(([, value]) => value);
    case 'call':
      return node.args;
    case 'reference':
    case 'not':
      return [node.of];
    case 'step':
      if (node.step.kind === 'filter') return [node.of, node.step.test];
      return node.step.kind === 'apply' ? [node.of, node.step.node] : [node.of];
    default:
      return [node.left, node.right];
  }
}

/** Of what an event holds it is not known. */
function mayBeWhole(node: Node): boolean {
  switch (node.kind) {
    case 'literal':
      return kindOf(node.value) === 'integer';
    case 'pipe':
      return mayBeWhole(node.right);
    case 'and':
    case 'or':
      return mayBeWhole(node.left) || mayBeWhole(node.right);
    case 'call':
      if (node.name === 'avg') return false;
      return ['add', 'subtract', 'multiply', 'divide', 'pow', 'abs'].includes(node.name)
        ? node.args.every(mayBeWhole)
        : true;
    default:
      return true;
  }
}
