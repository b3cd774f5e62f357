// Objects of the language that all programs share and that no global names, such as the prototypes of iterators and
// generators.
const { getPrototypeOf } = Object;

/** By the names that the build uses for them, as if they were globals. */
export function intrinsics(): Readonly<Record<string, object>> {
  const list = getPrototypeOf([].values());
  const generator = getPrototypeOf(function* () {});
  const laterGenerator = getPrototypeOf(async function* () {});
  return {
    '%ArrayIterator%': list,
    '%Iterator%': getPrototypeOf(list),
    '%MapIterator%': getPrototypeOf(new Map().keys()),
    '%SetIterator%': getPrototypeOf(new Set().keys()),
    '%StringIterator%': getPrototypeOf(''[Symbol.iterator]()),
    '%RegExpStringIterator%': getPrototypeOf(''.matchAll(/(?:)/g)),
    '%GeneratorFunction%': generator,
    '%Generator%': generator.prototype,
    '%AsyncGeneratorFunction%': laterGenerator,
    '%AsyncGenerator%': laterGenerator.prototype,
    '%AsyncIterator%': getPrototypeOf(laterGenerator.prototype),
    '%AsyncFunction%': getPrototypeOf(async () => undefined),
    '%TypedArray%': getPrototypeOf(Uint8Array),
  };
}
