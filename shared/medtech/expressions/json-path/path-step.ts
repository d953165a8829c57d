/** A JSONPath as steps, in the dialect of Newtonsoft's `SelectTokens`: spec of each in read-path.ts and run-steps.ts. */
import type { JsonValue } from '../../json/value.ts';

export type PathStep =
  /** `$` at the start of a path inside a filter. */
  | { readonly kind: 'root' }
  /** Members of an object by name. */
  | { readonly kind: 'names'; readonly names: readonly string[] }
  /** `.*`: the values of an object's members. */
  | { readonly kind: 'members' }
  /** `..name`: every member so named, at any depth. */
  | { readonly kind: 'scan-names'; readonly names: readonly string[] }
  /** `..*`: the value itself and everything in it. */
  | { readonly kind: 'scan' }
  /** `[*]`: the items of an array. */
  | { readonly kind: 'items' }
  | { readonly kind: 'indexes'; readonly indexes: readonly number[] }
  | { readonly kind: 'slice'; readonly start?: number; readonly end?: number; readonly step?: number }
  /** `[?(…)]`: the items of an array that pass. */
  | { readonly kind: 'filter'; readonly test: Filter }
  /** `..[?(…)]`: the value itself and everything in it that passes. */
  | { readonly kind: 'scan-filter'; readonly test: Filter };

export type Filter =
  | { readonly kind: 'every' | 'some'; readonly of: readonly Filter[] }
  | { readonly kind: 'exists'; readonly side: Side }
  | { readonly kind: 'compare'; readonly operator: Operator; readonly left: Side; readonly right: Side };

export type Operator = '==' | '===' | '!=' | '!==' | '<' | '<=' | '>' | '>=' | '=~';

export type Side =
  | { readonly kind: 'path'; readonly steps: readonly PathStep[] }
  | { readonly kind: 'literal'; readonly value: JsonValue }
  | { readonly kind: 'regex'; readonly matches: (text: string) => boolean };
