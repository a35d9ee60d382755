// A file as it comes out of an old spreadsheet: read, tried, what cannot be taken downloaded, then imported.

import { readFileSync } from 'node:fs'
import { task, texts, walk } from './session.mjs'

const [words, imports] = [texts('app_words'), texts('app_import')]
const COUNTS = ['added', 'updated', 'unchanged', 'rejected']

await walk('import', async ({ tab, context, at }) => {
  const counted = async (heading) => {
    const card = tab.getByRole('region', { name: heading, exact: true })
    await card.getByRole('heading', { name: heading, exact: true }).waitFor()
    const id = await tab.waitForFunction(async () => {
      const answer = await (await fetch('/v1/imports', { headers: { 'X-Barid-Workspace': location.pathname.split('/')[2] } })).json()
      return answer.items.every(({ state }) => state !== 'running') && answer.items[0].id
    }, null, { polling: 300 }).then((handle) => handle.jsonValue())
    const told = await (await context.request.get(`/v1/imports/${id}`)).json()
    const shown = {}
    for (const name of COUNTS) {
      const figure = card.getByText(imports[`count.${name}`], { exact: true }).locator('xpath=ancestor::*[contains(@class,"Card") or contains(@class,"Paper")][1]')
      await figure.getByText(String(told[name]), { exact: true }).waitFor()
      shown[name] = told[name]
    }
    return { id, shown, encoding: told.encoding, dropped: told.dropped }
  }
  const people = async () => (await (await context.request.post('/v1/contacts/search', { data: {}, headers: { origin: task.origin, 'sec-fetch-site': 'same-origin' } })).json()).total
  const before = await people()
  await tab.goto(at('/audience/import'))
  await tab.locator('input[type=file]').setInputFiles(task.file)
  await tab.getByRole('heading', { name: imports['columns'], exact: true }).waitFor()
  const seen = await tab.getByText('windows-1256', { exact: false }).count()
  await tab.getByRole('radio', { name: words['import_basis.consent'], exact: true }).check()
  await tab.getByLabel(imports['origin.topic'], { exact: false }).first().fill('نشرة الكتب')
  await tab.getByLabel(imports['origin.source'], { exact: false }).first().fill('استمارة المتجر')
  await tab.getByLabel(imports['origin.collected_on'], { exact: false }).first().fill('2026-03-01')
  await tab.getByRole('button', { name: imports['try'], exact: true }).click()
  const trial = await counted(imports['outcome.trial'])
  const untouched = await people()
  const download = tab.waitForEvent('download')
  await tab.getByRole('button', { name: imports['rejects.download'], exact: true }).click()
  const rejects = readFileSync(await (await download).path(), 'utf8')
  await tab.getByRole('button', { name: imports['go'], exact: true }).click()
  await tab.waitForURL(/\/audience\/import\/imp_/)
  const done = await counted(imports['outcome'])
  return { seen, trial, untouched: untouched - before, rejects, done, people: (await people()) - before }
})
