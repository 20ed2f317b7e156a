import { randomBytes } from 'node:crypto'

import type { BuyInput, ChatMessage, ShopPage, ShopReport } from '../api-contract.ts'

/** The firm's shop behind the mini program: where it reports, and what it sells. */
export interface ShopOptions {
  /** Any address of the product's server; the paths under `/open/v1/` are the shop's own knowledge. */
  orderIntakeUrl: string
  apiKey: string
  /** Query name in the card's path that holds the attribution token. Default: the first of `token`, `gt`, `t`. */
  tokenParameter?: string
  /** Prices the shop knows, by the `sku` in the card's path. */
  products?: { sku: string; name: string; priceFen: number }[]
}

type CardMessage = ChatMessage & { content: { type: 'card' } }

/** The server half of the pretend shop. The API key stays here. */
export function createShopService({
  shop,
  fetchImpl = fetch,
  now = () => new Date(),
}: {
  shop?: ShopOptions
  fetchImpl?: typeof fetch
  now?: () => Date
}) {
  /** Moments of payment by order number: a repeat must be the same order to the last byte. */
  const paidAt = new Map<string, string>()

  function read(page: string) {
    const query = new URLSearchParams(page.split('?')[1] ?? '')
    const tokenNames = shop?.tokenParameter ? [shop.tokenParameter] : ['token', 'gt', 't']
    const token = tokenNames.map((name) => query.get(name)).find(Boolean) ?? ''
    const sku = query.get('sku') ?? query.get('id') ?? ''
    const product = shop?.products?.find((known) => known.sku === sku)
    return { query, token, sku, product }
  }

  async function report(path: string, key: string, body: object): Promise<ShopReport> {
    if (!shop) return { state: 'notConnected' }
    try {
      const response = await fetchImpl(new URL(path, shop.orderIntakeUrl), {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${shop.apiKey}`, 'idempotency-key': key },
        body: JSON.stringify(body),
      })
      const answer = (await response.json().catch(() => ({}))) as { credited?: boolean; error?: { code?: string } }
      return response.ok
        ? { state: 'accepted', credited: answer.credited ?? null }
        : { state: 'refused', status: response.status, code: answer.error?.code ?? '' }
    } catch {
      return { state: 'refused', status: 0, code: 'UNREACHABLE' }
    }
  }

  return {
    /** A customer taps a card: one visit, reported once. */
    async open({ content }: CardMessage): Promise<ShopPage> {
      const { query, token, sku, product } = read(content.page)
      const visitId = randomBytes(12).toString('base64url')
      const found = (content.page.split('?')[0] ?? '').endsWith('.html')
      return {
        visitId,
        programName: content.programName,
        title: product?.name ?? content.title,
        imageUrl: content.imageUrl,
        path: content.page,
        parameters: [...query].map(([name, value]) => ({ name, value })),
        found,
        sku,
        priceFen: product?.priceFen ?? readPrice(content.title),
        hasToken: token !== '',
        report:
          found && token
            ? await report('/open/v1/card-opens', visitId, { token, openedAt: now().toISOString() })
            : { state: 'noToken' },
      }
    },

    /** A customer pays: the order number makes it one order, however often it is sent. */
    async buy(
      { content }: CardMessage,
      { orderNo, amountFen }: Pick<BuyInput, 'orderNo' | 'amountFen'>,
    ): Promise<ShopReport> {
      const { token, sku, product } = read(content.page)
      const moment = paidAt.get(orderNo) ?? now().toISOString()
      paidAt.set(orderNo, moment)
      return report('/open/v1/orders', orderNo, {
        orderNo,
        ...(token && { token }),
        amountFen,
        paidAt: moment,
        items: [{ sku: sku || 'unknown', name: product?.name ?? content.title, quantity: 1, priceFen: amountFen }],
      })
    },
  }
}

/** A price in the card's title, such as «¥5,999» or «到手价 299 元». */
function readPrice(title: string): number | null {
  const found = /[¥￥]\s*([\d,]+(?:\.\d{1,2})?)/.exec(title) ?? /([\d,]+(?:\.\d{1,2})?)\s*元/.exec(title)
  const yuan = found?.[1] ? Number(found[1].replaceAll(',', '')) : Number.NaN
  return Number.isFinite(yuan) && yuan > 0 ? Math.round(yuan * 100) : null
}
