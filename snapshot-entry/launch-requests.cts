// What a launcher asks of the process that it becomes, in its environment: none of it is the program's.

/**
 * glibc (2.35 and later) then backs large blocks with huge pages. Node reads a blob into two of its own size, which are
 * thousands of page faults else. Spelt as no user would, whose own setting stays.
 */
export const HUGE_PAGES = { name: 'GLIBC_TUNABLES', value: 'glibc.malloc.hugetlb=0x1' } as const;

/** Before anything of the program runs: neither it nor its children see what was asked. */
export function takeLaunchRequests(): void {
  if (process.env[HUGE_PAGES.name] === HUGE_PAGES.value) delete process.env[HUGE_PAGES.name];
}
