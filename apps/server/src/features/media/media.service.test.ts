import { afterAll, beforeAll, expect, test } from 'vitest'

import { pixel, type SellingWorld, startSelling } from '../sends/selling.world.ts'
import { createAssetRepository } from './asset.repository.ts'
import { createMediaService } from './media.service.ts'

let world: SellingWorld
beforeAll(async () => {
  world = await startSelling()
})
afterAll(() => world.close())

const picture = (text: string) => ({ bytes: Buffer.concat([pixel, Buffer.from(text)]) })
const uploads = async () => (await world.wecom.media()).length

test('only pictures up to 2 MB are kept, and the same one once a corp', async () => {
  const { media } = world.services

  const first = await media.keepAsset(world.corpId, { bytes: pixel, name: 'a.png' })
  expect(await media.keepAsset(world.corpId, { bytes: pixel, name: 'b.png' })).toBe(first)
  expect(await media.keepAsset(world.foreigner.corpId, { bytes: pixel })).not.toBe(first)
  expect(await media.find(first)).toMatchObject({ contentType: 'image/png', bytes: pixel })
  await expect(media.keepAsset(world.corpId, { bytes: Buffer.from('<svg onload=alert(1)>') })).rejects.toMatchObject({
    code: 'UNSUPPORTED_MEDIA_TYPE',
  })
  await expect(media.keepAsset(world.corpId, picture('x'.repeat(2_000_000)))).rejects.toMatchObject({
    code: 'PAYLOAD_TOO_LARGE',
  })
})

test('a media id is used again for two and a half days, then made fresh', async () => {
  const assetId = await world.services.media.keepAsset(world.corpId, picture('fresh'))

  const first = await world.services.media.freshMediaId(world.corp, assetId)
  world.passDays(2.4)
  expect(await world.services.media.freshMediaId(world.corp, assetId)).toBe(first)
  world.passDays(0.2)
  expect(await world.services.media.freshMediaId(world.corp, assetId)).not.toBe(first)
})

test('twenty callers in two processes cause one upload', async () => {
  const assetId = await world.services.media.keepAsset(world.corpId, picture('twins'))
  const before = await uploads()

  const ids = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      (index % 2 ? world.services : world.twin).media.freshMediaId(world.corp, assetId),
    ),
  )

  expect(new Set(ids).size).toBe(1)
  expect((await uploads()) - before).toBe(1)
})

test('when WeCom refuses an upload nothing is stored, and the next try works', async () => {
  const assetId = await world.services.media.keepAsset(world.corpId, picture('refused'))
  await world.wecom.failNext({ path: 'media/upload', errcode: 40004 })

  await expect(world.services.media.freshMediaId(world.corp, assetId)).rejects.toMatchObject({
    code: 'WECOM_REFUSED',
    errcode: 40004,
  })

  expect(await world.services.media.freshMediaId(world.corp, assetId)).not.toBe('')
})

test("another corp's picture is not there", async () => {
  const assetId = await world.services.media.keepAsset(world.foreigner.corpId, picture('foreign'))

  await expect(world.services.media.freshMediaId(world.corp, assetId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('what another process uploaded between the look and the lease is not uploaded again', async () => {
  const assetId = await world.services.media.keepAsset(world.corpId, picture('between'))
  const assets = createAssetRepository(world.db)
  const slow = createMediaService({
    assets: {
      ...assets,
      takeLease: async (lease) => {
        await world.twin.media.freshMediaId(world.corp, assetId)
        return assets.takeLease(lease)
      },
    },
    publicUrl: world.origin,
    clock: world.clock,
  })
  const before = await uploads()

  const mediaId = await slow.freshMediaId(world.corp, assetId)

  expect(mediaId).toBe(await world.services.media.freshMediaId(world.corp, assetId))
  expect((await uploads()) - before).toBe(1)
})

test('an upload whose lease went to another writes nothing any more', async () => {
  const assetId = await world.services.media.keepAsset(world.corpId, picture('lease'))
  const assets = createAssetRepository(world.db)
  const take = (holder: string, leaseMs: number) => assets.takeLease({ assetId, corpId: world.corpId, holder, leaseMs })
  const uploaded = (mediaId: string) => ({ mediaId, uploadedAt: world.now() })

  expect([await take('slow', -1), await take('fast', 60_000), await take('third', 60_000)]).toEqual([true, true, false])
  await assets.finishUpload(assetId, 'slow', uploaded('old'))
  expect(await assets.findMediaId(assetId)).toBeNull()
  await assets.finishUpload(assetId, 'fast', uploaded('new'))
  await assets.finishUpload(assetId, 'slow', uploaded('old'))

  expect((await assets.findMediaId(assetId))?.mediaId).toBe('new')
})
