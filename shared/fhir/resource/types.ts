/** JSON as a resource holds it. Numbers keep their digits beside the value: see `json.ts`. */
export type JsonValue = string | number | boolean | null | JsonArray | JsonObject;
export type JsonArray = JsonValue[];
export interface JsonObject {
  [name: string]: JsonValue | undefined;
}

/** A JSON object with a `resourceType`; what else it holds is known only after validation. */
export interface Resource extends JsonObject {
  resourceType: string;
  id?: string;
  meta?: JsonObject;
}
