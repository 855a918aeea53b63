/** The part of JSON Schema that the tools' inputs need: what a model is told and what is checked are the same data. */
export type Property =
  | {
      readonly type: "string";
      readonly description: string;
      readonly enum?: readonly string[];
      readonly minLength?: number;
      readonly maxLength?: number;
    }
  | { readonly type: "integer"; readonly description: string; readonly minimum: number; readonly maximum: number };

export interface InputSchema {
  readonly type: "object";
  readonly properties: Readonly<Record<string, Property>>;
  readonly required?: readonly string[];
  readonly additionalProperties: false;
}

/** An input that fits the schema `S`. */
export type InputOf<S extends InputSchema> = {
  readonly [K in keyof S["properties"]]?: S["properties"][K] extends { readonly enum: readonly (infer Word)[] }
    ? Word
    : S["properties"][K] extends { readonly type: "integer" }
      ? number
      : string;
};

/** The input, or what is wrong with it, as sentences that name the property. */
export type Checked<S extends InputSchema> =
  | { readonly input: InputOf<S> }
  | { readonly problems: readonly [string, ...string[]] };

/**
 * Checks an input. An optional property that is null or an empty string counts as not given: models fill in forms.
 */
export function checkInput<S extends InputSchema>(schema: S, value: unknown): Checked<S> {
  const given = value ?? {};
  if (typeof given !== "object" || Array.isArray(given)) return { problems: ["The input must be an object."] };
  const { properties, required = [] } = schema;
  const input: Record<string, string | number> = {};
  const problems: string[] = [];
  for (const [name, entry] of Object.entries(given)) {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const blank = entry === null || entry === undefined || entry === "";
    if (!property) {
      const known = Object.keys(properties).join(", ");
      problems.push(`There is no property ${JSON.stringify(name.slice(0, 40))}; there are: ${known}.`);
    } else if (!blank) {
      const problem = problemOf(property, entry);
      if (problem) problems.push(`${name} must be ${problem}.`);
      else input[name] = entry as string | number;
    }
  }
  for (const name of required) {
    const missing = !Object.hasOwn(input, name) && !problems.some((problem) => problem.startsWith(`${name} `));
    if (missing) problems.push(`${name} is required.`);
  }
  const [first, ...others] = problems;
  return first === undefined ? { input: input as InputOf<S> } : { problems: [first, ...others] };
}

/** What a value must be instead, or undefined when it fits. */
function problemOf(property: Property, value: unknown): string | undefined {
  if (property.type === "integer") {
    const { minimum, maximum } = property;
    const fits = Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum;
    return fits ? undefined : `a whole number from ${minimum} to ${maximum}`;
  }
  const { enum: words, minLength = 0, maxLength = Number.POSITIVE_INFINITY } = property;
  if (words) return words.some((word) => word === value) ? undefined : `one of ${words.join(", ")}`;
  if (typeof value !== "string") return "a string";
  if (value.length < minLength) return `at least ${minLength} characters long`;
  return value.length <= maxLength ? undefined : `at most ${maxLength} characters long`;
}
