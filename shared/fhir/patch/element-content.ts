/**
 * One element put into, or taken out of, the place where FHIR JSON has it: a list where it may repeat, the companion of a
 * primitive (`_birthDate`) beside it, both lists of one length. FHIR R4 2.6.2.
 */
import type { ElementDefinition } from '../definitions/definitions.ts';
import type { JsonArray, JsonObject } from '../resource/types.ts';
import type { Editor, Item } from './editor.ts';
import type { Place } from './find-elements.ts';

export interface Content {
  /** Absent where a primitive has nothing but extensions. */
  readonly item?: Item;
  readonly companion?: JsonObject;
}

const nothing: Item = { value: null };

/** How many values stand in the list of `element`. */
export function lengthOf(parent: JsonObject, { name }: ElementDefinition): number {
  return Math.max(listAt(parent, name).length, listAt(parent, `_${name}`).length);
}

/** Puts `content` where none is yet: at the end of a list at `at`, before what stands there else. */
export function insertContent(
  editor: Editor,
  parent: JsonObject,
  element: ElementDefinition,
  content: Content,
  at: number,
): void {
  if (element.max === 1) {
    setContent(editor, { parent, element, at: undefined }, content);
    return;
  }
  const length = lengthOf(parent, element);
  spliceIn(editor, parent, element.name, content.item, at, length);
  spliceIn(editor, parent, `_${element.name}`, content.companion && { value: content.companion }, at, length);
}

/** Puts `content` in the place of what stands there. */
export function setContent(editor: Editor, { parent, element, at }: Place, content: Content): void {
  const { name } = element;
  const parts = [
    [name, content.item],
    [`_${name}`, content.companion && { value: content.companion }],
  ] as const;
  for (const [key, item] of parts) {
    if (at === undefined) {
      if (item) editor.put(parent, key, item);
      else if (Object.hasOwn(parent, key)) editor.remove(parent, key);
    } else if (item || listAt(parent, key).length > 0) {
      const list = paddedList(editor, parent, key, at + 1);
      editor.put(list, at, item ?? nothing);
      dropValueless(editor, parent, key, list);
    }
  }
}

export function takeContent(editor: Editor, { parent, element, at }: Place): Content {
  const { name } = element;
  const holder = (key: string) => (at === undefined ? parent : listAt(parent, key));
  const item = editor.at(holder(name), at ?? name);
  const companion = editor.at(holder(`_${name}`), at ?? `_${name}`);
  for (const key of [name, `_${name}`]) {
    if (at === undefined) {
      if (Object.hasOwn(parent, key)) editor.remove(parent, key);
      continue;
    }
    const list = listAt(parent, key);
    if (at < list.length) editor.remove(list, at);
    if (list.length > 0) dropValueless(editor, parent, key, list);
  }
  return {
    ...(item && item.value !== null && { item }),
    ...(companion && companion.value !== null && { companion: companion.value as JsonObject }),
  };
}

/** Nothing is put into a list that is not there and stays so. */
function spliceIn(
  editor: Editor,
  parent: JsonObject,
  key: string,
  item: Item | undefined,
  at: number,
  length: number,
): void {
  if (!item && listAt(parent, key).length === 0) return;
  editor.insert(paddedList(editor, parent, key, length), at, item ?? nothing);
}

function paddedList(editor: Editor, parent: JsonObject, key: string, length: number): JsonArray {
  const list = listAt(parent, key);
  if (parent[key] !== list) editor.put(parent, key, { value: list });
  editor.spend(Math.max(length - list.length, 0));
  while (list.length < length) list.push(null);
  return list;
}

/** A list of nothing but null is not written. */
function dropValueless(editor: Editor, parent: JsonObject, key: string, list: JsonArray): void {
  editor.spend(list.length);
  if (list.every((value) => value === null)) editor.remove(parent, key);
}

function listAt(parent: JsonObject, key: string): JsonArray {
  const list = parent[key];
  return Array.isArray(list) ? list : [];
}
