import { beforeEach, expect, test } from 'vitest'

import { context } from '../testing/fixtures.ts'
import { paintWho } from './paint-who.ts'

const layout = (inside: string) => `<div id="app">${inside}</div>`
const skeleton =
  '<div class="skeleton"><div class="skeleton__head"><i></i><span><i></i><i></i></span></div><div class="skeleton__block--tags"><i></i></div></div>'

beforeEach(() => {
  document.body.innerHTML = layout(skeleton)
})

test('name and tags stand in the grey layout as text, never as markup', () => {
  const known = context()
  const customer = { ...known.customer!, name: '<img src=x>' }

  paintWho({ ...known, customer, relation: { ...known.relation!, remark: '' } })

  expect(document.querySelector('h1')?.textContent).toBe('<img src=x>')
  expect([...document.querySelectorAll('b')].map((tag) => tag.textContent)).toEqual(
    known.relation!.tags.map((tag) => tag.name),
  )
})

test('with a remark the own name stands below it; a later answer takes the place of an earlier one', () => {
  const known = context()
  paintWho({ ...known, relation: { ...known.relation!, remark: '早先' } })
  paintWho({ ...known, relation: { ...known.relation!, remark: '王姐' } })

  expect(document.querySelector('.skeleton__head span')?.textContent).toBe(`王姐${known.customer!.name}`)
})

test('once the panel stands it stays as it is', () => {
  document.body.innerHTML = layout('<div class="panel"></div>')

  paintWho(context())

  expect(document.body.innerHTML).toBe(layout('<div class="panel"></div>'))
})
