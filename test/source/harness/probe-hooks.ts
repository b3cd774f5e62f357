// Stand-ins for the hooks of the analysis (src/hazards/probe/hooks.cts): instrumented texts do with them what they do
// without. Who wants to be told puts functions of its own in their place.

export const quietHooks = {
  __snapC: (): unknown => undefined,
  __snapW: (): unknown => undefined,
  __snapF: (): unknown => undefined,
  __snapP: (holder: unknown): unknown => holder,
  __snapM: (holder: unknown): unknown => holder,
  __snapV: (_owner: unknown, text: unknown): unknown => text,
  __snapX: (value: unknown): unknown => value,
  __snapK: (holder: unknown): unknown => holder,
  __snapT: (holder: unknown): unknown => holder,
  __snapI: (request: string): unknown => import(request),
  __snapS: (_index: number): void => undefined,
  __snapL: (_owner: string, _declaredBy: number): void => undefined,
  __snapU: (): unknown => undefined,
  __snapE: (names: () => unknown): unknown => names(),
  __snapQ: (holder: unknown): unknown => holder,
  __snapH: (key: PropertyKey, holder: object): boolean => key in holder,
  __snapN: (holder: unknown): unknown => holder,
};
