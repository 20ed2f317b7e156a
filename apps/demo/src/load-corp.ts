import type { EmulatorControl, LoadInput } from '@guidebar/wecom-emulator'

const rowsAtOnce = 5_000

/** Puts a corp into the emulator over HTTP, the long lists in pieces. */
export async function loadCorp(control: EmulatorControl, corp: LoadInput): Promise<void> {
  const { customers = [], relations = [], ...small } = corp
  await control.load({ departments: small.departments, members: small.members, tagGroups: small.tagGroups })
  for (const piece of pieces(customers)) await control.load({ customers: piece })
  for (const piece of pieces(relations)) await control.load({ relations: piece })
  await control.load({ chats: small.chats })
}

function pieces<T>(rows: T[]): T[][] {
  return Array.from({ length: Math.ceil(rows.length / rowsAtOnce) }, (_, index) =>
    rows.slice(index * rowsAtOnce, (index + 1) * rowsAtOnce),
  )
}
