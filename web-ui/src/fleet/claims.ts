// Claims for an owner: what is typed in the dialog.

/** What the API takes in one list. */
export const LARGEST_LIST = 4 * 1024 * 1024

/** PLMNs as they are typed, with commas or spaces between. */
export function words(typed: string): string[] {
  return typed.split(/[\s,;]+/).filter((word) => word !== '')
}
