import { describe, expect } from 'vitest'

import { test } from './browser.world.ts'

describe('a guide does the job', () => {
  test('tags a customer by initials, and WeCom holds the tag; undo takes it back', async ({ world }) => {
    const { panel } = await world.open()
    const { firstGuide, firstCustomer } = world.demo
    const tagsInWecom = async () => (await world.wecom.relation(firstGuide, firstCustomer))?.tagNames ?? []

    await panel.getByRole('button', { name: '打标签' }).click()
    await panel.getByRole('textbox', { name: /搜标签/ }).fill('zdp')
    await panel.getByRole('dialog').getByRole('button', { name: '折叠屏', exact: true }).click()
    await expect.poll(tagsInWecom).toContain('折叠屏')
    await panel.getByRole('button', { name: '撤销' }).click()

    await expect.poll(tagsInWecom).not.toContain('折叠屏')
    await panel.getByRole('dialog').getByRole('button', { name: '折叠屏', exact: true, pressed: false }).waitFor()
  })

  test('finds a reply by its initials, sends it, and the customer gets it once with her name in it', async ({
    world,
  }) => {
    const { page, panel, chat, tab } = await world.open()

    await tab('话术')
    await panel.getByRole('combobox', { name: /搜话术/ }).fill('xkwh')
    await panel.getByRole('option', { name: /新客问候 \/nh/ }).click()
    await panel.getByRole('dialog').getByRole('button', { name: '发送' }).click()

    await chat.getByText('陈思雨您好，我是广州天河店的林小美，很高兴认识您').waitFor()
    const calls = await page.evaluate<string[]>('window.simulator.calls.map((call) => call.name)')
    expect(calls.filter((name) => name === 'sendChatMessage')).toHaveLength(1)
    await expect.poll(() => chat.getByText('很高兴认识您').count()).toBe(1)
  })

  test('sends a card in three taps; opened and bought in the shop, the sale is credited to her', async ({ world }) => {
    const { page, panel, chat, tab } = await world.open({ customer: '', guide: 'ZhouMin' })
    await page.getByRole('listbox', { name: '会话列表' }).getByRole('option', { name: /@微信/ }).first().click()
    await panel.getByRole('heading', { name: '本月业绩' }).waitFor()

    await tab('卡片')
    await panel.getByRole('option', { name: /红米 Note 14 耐摔大电池/ }).click()
    await panel.getByRole('dialog').getByRole('button', { name: '发送' }).click()
    await chat.getByRole('group', { name: /小程序 红米 Note 14/ }).waitFor()

    await page.getByRole('button', { name: '客户的手机' }).click()
    const phone = page.getByRole('dialog', { name: /的手机/ })
    await phone.getByRole('button', { name: /红米 Note 14/ }).click()
    await phone.getByText('打开已上报商家').waitFor()
    await tab('客户')
    await panel.getByRole('button', { name: /已打开/ }).waitFor({ timeout: 25_000 })
    await phone.getByRole('button', { name: '购买' }).click()
    await phone.getByText('订单已计入导购业绩').waitFor()

    await panel.getByRole('button', { name: /已购买\s*¥1,199/ }).waitFor({ timeout: 25_000 })
    const month = panel.getByRole('region', { name: '本月业绩' })
    await month.getByText('¥1,199').waitFor()
  }, 90_000)

  test('a cancelled send is quiet: nothing in the chat, nothing counted', async ({ world }) => {
    const { page, panel, tab } = await world.open({ cancel: '1' })
    const before = await page.evaluate<number>('window.simulator.messages.length')

    await tab('卡片')
    await panel.getByRole('option', { name: /OPPO Find X8/ }).click()
    await panel.getByRole('dialog').getByRole('button', { name: '发送' }).click()
    await expect
      .poll(() => page.evaluate<string[]>('window.simulator.calls.map((call) => call.name)'))
      .toContain('sendChatMessage')

    expect(await page.evaluate<number>('window.simulator.messages.length')).toBe(before)
    expect(await panel.getByRole('alert').count()).toBe(0)
  })
})
