import type { GuidePrincipal } from '../access.ts'

/** @returns the store a guide works in, empty for none: what he may send is everybody's and that store's */
export type StoreOf = (guide: GuidePrincipal) => Promise<string>

export const createStoreOf =
  (guides: { find(guide: GuidePrincipal): Promise<{ storeId: string } | null> }): StoreOf =>
  async (guide) =>
    (await guides.find(guide))?.storeId ?? ''

/** The mark of a list as one store has it: who changes the store gets another list. */
export const toVersion = (version: string, storeId: string): string => (storeId ? `${version}-${storeId}` : version)
