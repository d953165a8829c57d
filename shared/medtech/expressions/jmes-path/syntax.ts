/** A JMESPath as a tree. */
import type { JsonValue } from '../../json/value.ts';

export type Comparator = '==' | '!=' | '<' | '<=' | '>' | '>=';

export type Node =
  | { readonly kind: 'current' }
  | { readonly kind: 'literal'; readonly value: JsonValue }
  | { readonly kind: 'list'; readonly items: readonly Node[] }
  | { readonly kind: 'hash'; readonly members: readonly (readonly [string, Node])[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Node[] }
  /** `&expression`, an argument only. */
  | { readonly kind: 'reference'; readonly of: Node }
  | { readonly kind: 'not'; readonly of: Node }
  | { readonly kind: 'and' | 'or' | 'pipe'; readonly left: Node; readonly right: Node }
  | { readonly kind: 'compare'; readonly by: Comparator; readonly left: Node; readonly right: Node }
  | { readonly kind: 'step'; readonly of: Node; readonly step: Step };

/** What is done to each value of a projection, and to a value that is none. */
export type Step =
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'slice'; readonly start?: number; readonly end?: number; readonly step?: number }
  | { readonly kind: 'items' }
  | { readonly kind: 'flatten' }
  | { readonly kind: 'values' }
  | { readonly kind: 'filter'; readonly test: Node }
  /** `.[a, b]`, `.{ a: b }`, `.name(@)`. */
  | { readonly kind: 'apply'; readonly node: Node };
