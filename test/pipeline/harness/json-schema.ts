// As much of JSON Schema as docs/manifest.schema.json uses; a keyword that it does not know is an error, not ignored.
export interface Schema {
  readonly [keyword: string]: unknown;
}

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
};

type Check = (
  value: unknown,
  expected: never,
  schema: Schema,
  validator: Validator,
) => Iterable<readonly [string, unknown, Schema] | string>;

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const fields = (value: unknown): [string, unknown][] =>
  TYPES.object?.(value) === true ? Object.entries(value as object) : [];

/** Each keyword: faults as texts, or parts to be checked as [where, value, schema]. */
const KEYWORDS: Readonly<Record<string, Check>> = {
  type: (value, expected: string | string[]) =>
    [expected].flat().some((name) => TYPES[name]?.(value)) ? [] : [`is no ${expected}`],
  const: (value, expected: unknown) => (value === expected ? [] : [`is not ${expected}`]),
  enum: (value, expected: unknown[]) => (expected.includes(value) ? [] : [`is none of ${expected}`]),
  minimum: (value, expected: number) => (typeof value === 'number' && value < expected ? [`is below ${expected}`] : []),
  minLength: (value, expected: number) =>
    typeof value === 'string' && value.length < expected ? ['is too short'] : [],
  pattern: (value, expected: string) =>
    typeof value === 'string' && !new RegExp(expected).test(value) ? [`is not like ${expected}`] : [],
  required: (value, expected: string[]) =>
    expected.filter((name) => !fields(value).some(([key]) => key === name)).map((name) => `lacks ${name}`),
  properties: (value, expected: Record<string, Schema>) =>
    fields(value).flatMap(([key, field]) =>
      expected[key] === undefined ? [] : [[key, field, expected[key]] as const],
    ),
  additionalProperties: (value, expected: false | Schema, schema) => {
    const known = Object.keys((schema.properties as object | undefined) ?? {});
    const rest = fields(value).filter(([key]) => !known.includes(key));
    return expected === false
      ? rest.map(([key]) => `has ${key}`)
      : rest.map(([key, field]) => [key, field, expected] as const);
  },
  propertyNames: (value, expected: Schema) => fields(value).map(([key]) => [`name ${key}`, key, expected] as const),
  items: (value, expected: Schema) => list(value).map((item, at) => [String(at), item, expected] as const),
  anyOf: (value, expected: Schema[], _schema, validator) =>
    expected.some((one) => validator.faults(value, one).length === 0) ? [] : ['fits none of several'],
  $ref: (value, expected: string, _schema, validator) => [['', value, validator.resolve(expected)]],
};

const ANNOTATIONS = new Set(['$schema', '$defs', 'title', 'description']);

export class Validator {
  readonly #root: Schema;

  constructor(root: Schema) {
    this.#root = root;
  }

  resolve(reference: string): Schema {
    const found = (this.#root.$defs as Record<string, Schema>)[reference.replace('#/$defs/', '')];
    if (found === undefined) throw new Error(`no definition ${reference}`);
    return found;
  }

  faults(value: unknown, schema: Schema = this.#root, where = ''): string[] {
    return Object.entries(schema).flatMap(([keyword, expected]) => {
      if (ANNOTATIONS.has(keyword)) return [];
      const check = KEYWORDS[keyword];
      if (check === undefined) throw new Error(`unknown keyword ${keyword}`);
      return [...check(value, expected as never, schema, this)].flatMap((found) =>
        typeof found === 'string' ? [`${where} ${found}`] : this.faults(found[1], found[2], `${where}/${found[0]}`),
      );
    });
  }
}
