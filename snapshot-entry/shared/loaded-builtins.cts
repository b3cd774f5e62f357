/** Node's list of the built-ins and bindings that it has loaded, in this order. */
export function loadedBuiltins(): readonly string[] | undefined {
  const { moduleLoadList: list } = process as unknown as { moduleLoadList?: unknown };
  return Array.isArray(list) ? list : undefined;
}
