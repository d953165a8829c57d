/** RFC 6902 JSON Patch over a parsed resource, in place. Numbers keep their digits; every fault is 400. */
import { FhirError } from '../outcome.ts';
import { isObject } from '../resource/json.ts';
import type { JsonArray, JsonObject, JsonValue } from '../resource/types.ts';
import { areEqual, type Editor, type Holder, type Item } from './editor.ts';
import { isWithin, type Pointer, parsePointer } from './json-pointer.ts';

/** AHDS: no such limit. A patch of more is better an update. */
export const maxOperations = 10_000;

/** The operations of a JSON Patch document. Throws `invalid` for what is no list of operations, or an empty one. */
export function jsonPatchOperations(document: JsonValue | undefined): JsonArray {
  if (!Array.isArray(document)) throw new FhirError('invalid', 'A JSON Patch is an array of operations.');
  if (document.length === 0) throw new FhirError('invalid', 'The patch has no operations.');
  checkNumber(document.length);
  return document;
}

export function checkNumber(operations: number): void {
  if (operations <= maxOperations) return;
  throw new FhirError('too-costly', `A patch has at most ${maxOperations} operations.`);
}

/** The patched document: `document` itself unless an operation replaces it as a whole. */
export function applyJsonPatch(document: JsonValue, operations: JsonArray, editor: Editor): JsonValue {
  // The document is the one member of `root`, so that a pointer to all of it is like any other.
  const root: JsonObject = { '': document };
  for (const [index, operation] of operations.entries()) {
    if (!isObject(operation)) throw fault(index, 'is not an object');
    apply(operation, root, index, editor);
  }
  return root[''] as JsonValue;
}

function apply(operation: JsonObject, root: JsonObject, index: number, editor: Editor): void {
  const pointer = (name: 'path' | 'from'): Pointer => {
    const parsed = parsePointer(operation[name]);
    if (!parsed) throw fault(index, `needs a JSON Pointer as its '${name}'`);
    return ['', ...parsed];
  };
  const value = (): Item => {
    const item = editor.at(operation, 'value');
    if (!item) throw fault(index, "needs a 'value'");
    return item;
  };
  const path = pointer('path');
  switch (operation.op) {
    case 'add':
      add(root, path, editor.copyOf(value()), index, editor);
      break;
    case 'remove':
      take(root, path, index, editor);
      break;
    case 'replace': {
      const item = editor.copyOf(value());
      const { holder, key } = existing(root, path, index, editor);
      editor.put(holder, key, item);
      break;
    }
    case 'move': {
      const from = pointer('from');
      if (isWithin(path, from)) throw fault(index, 'moves a value into itself');
      add(root, path, take(root, from, index, editor), index, editor);
      break;
    }
    case 'copy': {
      const { item } = existing(root, pointer('from'), index, editor);
      add(root, path, editor.duplicateOf(item), index, editor);
      break;
    }
    case 'test': {
      const { item } = existing(root, path, index, editor);
      if (!areEqual(editor, item.value, value().value)) throw fault(index, 'is a test that failed');
      break;
    }
    default:
      throw fault(index, "must have as its 'op' add, remove, replace, move, copy or test");
  }
}

function add(root: JsonObject, path: Pointer, item: Item, index: number, editor: Editor): void {
  const { holder, name } = holderOf(root, path, index, editor);
  if (!Array.isArray(holder)) {
    editor.put(holder, name, item);
    return;
  }
  const at = name === '-' ? holder.length : indexIn(name, holder.length + 1);
  if (at === undefined) throw fault(index, 'names an index that the list does not have');
  editor.insert(holder, at, item);
}

function take(root: JsonObject, path: Pointer, index: number, editor: Editor): Item {
  const { holder, key, item } = existing(root, path, index, editor);
  if (path.length === 1) throw fault(index, 'removes the whole resource');
  editor.remove(holder, key);
  return item;
}

function existing(root: JsonObject, path: Pointer, index: number, editor: Editor) {
  const { holder, name } = holderOf(root, path, index, editor);
  const key = Array.isArray(holder) ? indexIn(name, holder.length) : name;
  const item = key === undefined ? undefined : editor.at(holder, key);
  if (key === undefined || !item) throw fault(index, 'names a place where nothing is');
  return { holder, key, item };
}

/** What holds the place that `path` names. */
function holderOf(root: JsonObject, path: Pointer, index: number, editor: Editor): { holder: Holder; name: string } {
  let holder: Holder = root;
  for (const name of path.slice(0, -1)) {
    editor.spend(1);
    const key: string | number | undefined = Array.isArray(holder) ? indexIn(name, holder.length) : name;
    const next: JsonValue | undefined = key === undefined ? undefined : editor.at(holder, key)?.value;
    if (typeof next !== 'object' || next === null) throw fault(index, 'names a place inside of nothing');
    holder = next;
  }
  return { holder, name: path.at(-1) ?? '' };
}

function indexIn(name: string, length: number): number | undefined {
  const index = /^(?:0|[1-9]\d{0,9})$/.test(name) ? Number(name) : length;
  return index < length ? index : undefined;
}

/** Operations are counted from 0; the text is not quoted, it may hold personal data. */
function fault(index: number, what: string): FhirError {
  return new FhirError('invalid', `Operation ${index} of the patch ${what}.`);
}
