// A call flow is built step by step, found wrong, mended, moved by keyboard, saved and tried out; then a customer's
// account is made whose secret is shown once.

import { task, texts, walk } from './session.mjs'

const [calls, numbers, shell] = [texts('app_calls'), texts('app_numbers'), texts('app_shell')]
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name])

await walk('callflow', async ({ tab, at }) => {
  const step = (n) => tab.locator(`#step-${n}`)
  const words = (n) => step(n).getByRole('textbox', { name: calls['field.text'] })
  const add = async (action) => {
    await tab.getByRole('button', { name: calls['step.add'] }).click()
    await tab.getByRole('menuitem', { name: calls[`action.${action}`] }).first().click()
  }
  const choose = async (box, option) => {
    await box.click()
    await tab.getByRole('option', { name: option }).click()
  }
  const kinds = () => tab.locator('[data-step] [data-head]').evaluateAll((heads) => heads.map((head) => head.closest('[data-step]').dataset.step))

  await tab.goto(at('/messaging/flows/new'))
  await tab.getByLabel(calls['flow.title'], { exact: true }).fill('Menu')
  await words(1).fill('Welcome')
  await add('gather')
  await words(2).fill('For hours press 1')
  await add('say')
  await words(3).fill('From nine to five, {{name}}')

  // The key leads nowhere yet: the complaint names the step, and leads to it.
  await tab.getByRole('button', { name: calls['check'], exact: true }).click()
  const alert = tab.getByRole('alert').filter({ hasText: calls['wrong.target'] }).first()
  await alert.waitFor()
  const named = await alert.innerText()
  await alert.getByRole('button', { name: filled(calls['step.name'], { n: 2 }) }).click()
  const led = await tab.evaluate(() => document.activeElement?.closest('[data-step]')?.id)
  await choose(step(2).getByLabel(filled(calls['branch.step'], { n: 1 })), new RegExp(`3.*${calls['action.say']}`))
  await alert.waitFor({ state: 'detached' })

  // Alt and an arrow move the step that has the focus, which keeps it.
  const before = await kinds()
  await step(3).locator('[data-head]').focus()
  await tab.keyboard.press('Alt+ArrowUp')
  await tab.waitForFunction((first) => document.querySelector('#step-2')?.dataset.step === first, before[2])
  const moved = await kinds()
  await tab.waitForFunction((id) => document.activeElement?.closest('[data-step]')?.dataset.step === id, before[2])

  // A step that was deleted comes back.
  await step(1).getByRole('button', { name: filled(calls['more'], { name: filled(calls['step.name'], { n: 1 }) }) }).click()
  await tab.getByRole('menuitem', { name: shell['delete'] }).click()
  await tab.getByRole('button', { name: shell['undo'] }).click()
  await tab.waitForFunction(() => document.querySelectorAll('[data-step]').length === 3)

  await tab.getByRole('button', { name: shell['save'], exact: true }).click()
  await tab.waitForURL(/\/messaging\/flows\/flw_/)
  await tab.reload()
  await step(3).waitFor()
  const kept = await kinds()

  // A trial goes all the way and rings nowhere.
  await tab.getByRole('button', { name: calls['test'], exact: true }).click()
  await tab.getByRole('dialog').getByRole('textbox', { name: calls['test.to'] }).fill('+966 50 123 4567')
  await tab.getByRole('dialog').getByRole('textbox', { name: 'name', exact: true }).fill('Layla')
  await tab.getByRole('button', { name: calls['test.try'] }).click()
  await tab.waitForURL(/\/messaging\/calls\/cll_/)
  await tab.getByText(calls['step.accepted'], { exact: true }).first().waitFor()

  await tab.goto(at('/messaging/smpp'))
  await tab.getByRole('button', { name: numbers['smpp.new'] }).first().click()
  const dialog = tab.getByRole('dialog')
  await dialog.getByLabel(numbers['smpp.name']).fill('Shop')
  const system_id = `shop_${task.language}`
  await dialog.getByLabel(numbers['smpp.system_id']).fill(system_id)
  await dialog.getByRole('button', { name: numbers['smpp.new'] }).click()
  await tab.getByText(numbers['smpp.made.text']).waitFor()
  const secret = await tab.getByRole('group', { name: numbers['smpp.secret'], exact: true }).innerText()
  await tab.keyboard.press('Escape')
  const stays = await tab.getByText(numbers['smpp.made.text']).isVisible()
  await tab.getByRole('button', { name: numbers['smpp.kept'] }).click()
  await tab.getByText(system_id).waitFor()
  const again = (await tab.content()).includes(secret)
  return { named, led, before, moved, kept, secret: secret.length, stays, again }
})
