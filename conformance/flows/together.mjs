// Two people write the same campaign at the same time: each sees the other, and nothing is overwritten unseen.

import { another, task, texts, walk } from './session.mjs'

const [campaigns, shell] = [texts('app_campaigns'), texts('app_shell')]

await walk('together', async ({ browser, tab, context, at }) => {
  const other = await another(browser, task.other)
  const path = at(`/campaigns/${task.campaign}`)
  const name = (page) => page.getByRole('textbox', { name: campaigns['name'], exact: true })
  await tab.goto(path)
  await name(tab).waitFor()
  await other.tab.goto(path)
  await name(other.tab).waitFor()
  const said = shell['presence.editing_one'] ?? shell['presence.editing_other']
  await tab.getByText(task.other.name, { exact: false }).first().waitFor()
  // The first one's line is held back, so that both write on the same state.
  await context.route('**/v1/live**', (route) => route.abort())
  await tab.route('**/v1/campaigns/**', async (route) => (route.request().method() === 'PATCH' ? (await new Promise((done) => setTimeout(done, 1500)), route.continue()) : route.continue()))
  await Promise.all([name(tab).fill('Spring books'), name(other.tab).fill('Books of spring')])
  const dialog = tab.getByRole('dialog')
  await dialog.getByText(campaigns['conflict.title'], { exact: true }).waitFor()
  const shown = await dialog.innerText()
  await dialog.getByRole('button', { name: campaigns['conflict.go'], exact: true }).click()
  await dialog.waitFor({ state: 'hidden' })
  await tab.getByText(before(campaigns['save.at'])).first().waitFor().catch(() => {})
  let kept
  for (let tries = 0; tries < 40 && kept !== 'Spring books'; tries += 1) {
    kept = (await (await context.request.get(`/v1/campaigns/${task.campaign}`)).json()).name
    await tab.waitForTimeout(250)
  }
  await other.context.close()
  return { shown, kept, said, faultsOfOther: other.faults }
})

function before(text) {
  return new RegExp(text.split('{')[0].trim() || '.')
}
