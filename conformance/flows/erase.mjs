// A person is erased: said first what goes and what stays, the certificate afterwards, and nobody in the table.

import { task, texts, walk } from './session.mjs'

const [contact, shell] = [texts('app_contact'), texts('app_shell')]

await walk('erase', async ({ tab, context, at }) => {
  await tab.goto(at(`/audience?q=${encodeURIComponent(task.person)}`))
  await tab.getByText(task.person).first().waitFor()
  await tab.goto(at(`/audience/people/${task.contact}`))
  await tab.getByRole('button', { name: shell['more'], exact: true }).click()
  await tab.getByRole('menuitem', { name: contact['erase'], exact: true }).click()
  const dialog = tab.getByRole('dialog')
  await dialog.getByText(contact['erase.stays.suppression']).waitFor()
  const button = dialog.getByRole('button', { name: contact['erase'], exact: true })
  const held = await button.isDisabled()
  await dialog.getByRole('checkbox').check()
  await button.click()
  await tab.getByRole('heading', { name: contact['certificate'], exact: true }).waitFor()
  const download = tab.waitForEvent('download')
  await tab.getByRole('button', { name: contact['certificate.download'], exact: true }).click()
  const certificate = await (await download).path()
  const page = await tab.locator('main').innerText()
  await tab.goto(at(`/audience?q=${encodeURIComponent(task.person)}`))
  await tab.waitForFunction(() => !document.querySelector('[data-waiting]'))
  await tab.waitForLoadState('networkidle').catch(() => {})
  const listed = await tab.getByRole('table').getByText(task.person).count()
  return { held, listed, named: page.includes(task.person), certificate: JSON.parse((await import('node:fs')).readFileSync(certificate, 'utf8')), status: (await context.request.get(`/v1/contacts/${task.contact}`)).status() }
})
