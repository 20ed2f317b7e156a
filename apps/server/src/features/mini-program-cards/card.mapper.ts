import type { MiniProgramCardView } from '@guidebar/contracts'

import type { Card } from './card.model.ts'

export function toCardView(card: Card, extras: { coverUrl: string; teamUses: number }): MiniProgramCardView {
  return {
    id: card._id.toHexString(),
    kind: card.kind,
    title: card.title,
    coverUrl: extras.coverUrl,
    programName: card.programName,
    sku: card.sku,
    priceFen: card.priceFen,
    keys: card.keys,
    teamUses: extras.teamUses,
  }
}
