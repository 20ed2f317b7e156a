import { describe, expect } from 'vitest'

import { test } from './browser.world.ts'

describe('the panel tells the truth', () => {
  test('a customer who adds the guide is there after the callback', async ({ world }) => {
    const { externalUserId } = await world.wecom.act('addCustomer', {
      userId: world.demo.firstGuide,
      customer: { name: '新来的安安' },
      state: 'store_tianhe_01',
    })

    const { panel } = await world.open({ customer: externalUserId })

    await panel.getByRole('heading', { name: /新来的安安/ }).waitFor()
    await panel.getByRole('tab', { name: '档案' }).click()
    await panel.getByText('store_tianhe_01').waitFor()
  })

  test('with WeCom down stored data is shown with its age, and a tag is not pretended', async ({ world }) => {
    const { firstGuide } = world.demo
    const { externalUserId } = await world.wecom.act('addCustomer', {
      userId: firstGuide,
      customer: { name: '等一等的小何' },
    })
    const { page, panel } = await world.open({ customer: externalUserId })
    await panel.getByRole('heading', { name: /等一等的小何/ }).waitFor()
    await world.wecom.changeSettings({ outage: 'status500' })
    await page.getByRole('button', { name: '重新打开侧边栏' }).click()
    await panel.getByRole('heading', { name: /等一等的小何/ }).waitFor()

    await panel.getByRole('button', { name: '打标签' }).click()
    await panel.getByRole('textbox', { name: /搜标签/ }).fill('youche')
    await panel.getByRole('dialog').getByRole('button', { name: '有车', exact: true }).click()

    await panel.getByRole('alert').first().waitFor()
    await panel.getByRole('dialog').getByRole('button', { name: '有车', exact: true, pressed: false }).waitFor()
    await panel.getByText(/截至/).first().waitFor()
    expect((await world.wecom.relation(firstGuide, externalUserId))?.tagNames).toEqual([])
  })

  test("another guide's customer is a screen that says so, and an answer without a byte about her", async ({
    world,
  }) => {
    const strangers = await world.wecom.customers({ limit: 200 })
    const stranger = strangers.find((customer) =>
      customer.relations.every((relation) => relation.userId !== world.demo.firstGuide),
    )
    const { page, panel } = await world.open()
    await panel.getByRole('heading', { name: /陈小姐/ }).waitFor()

    const answer = await page.evaluate(
      `fetch('/api/sidebar/context?externalUserId=${stranger?.externalUserId}').then(async (response) => [response.status, await response.text()])`,
    )

    const [status, text] = answer as [number, string]
    expect(status).toBe(404)
    expect(JSON.parse(text).error.code).toBe('RELATION_NOT_FOUND')
    expect(text).not.toContain(stranger?.name)
  })

  test('the product itself carries nothing of the simulator', async ({ world }) => {
    const context = await world.newContext()
    await context.addCookies([{ name: 'wecom_client_user', value: world.demo.firstGuide, url: world.demo.origin }])
    const page = await context.newPage()

    const response = await page.goto(`${world.demo.origin}/sidebar/`)

    const html = (await response?.text()) ?? ''
    expect(html).toContain('id="boot"')
    expect(html).not.toContain('__sim')
    expect(response?.headers()['content-security-policy']).toContain("frame-ancestors 'none'")
  })
})
