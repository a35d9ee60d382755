// Two people in the block editor at one message: in different blocks, both are kept; in the same block, somebody is asked,
// and what is given up is found again among the earlier states.

import { another, task, texts, walk } from './session.mjs'

const [content, campaigns] = [texts('app_content'), texts('app_campaigns')]

await walk('coauthors', async ({ browser, tab, context, at }) => {
  const other = await another(browser, task.other)
  const read = async () => (await (await context.request.get(`/v1/campaigns/${task.campaign}`)).json()).content.body.design
  const until = async (holds, what) => {
    for (let tries = 0; tries < 80; tries += 1) {
      const design = await read()
      if (holds(JSON.stringify(design))) return design
      await tab.waitForTimeout(200)
    }
    throw new Error(`${what} does not reach the server`)
  }
  const open = async (page) => {
    await page.goto(at(`/campaigns/${task.campaign}/content`))
    await page.locator('.barid-canvas').waitFor()
    await page.waitForFunction(() => !document.querySelector('[data-waiting]'))
  }
  // What the first one writes is held back until the second one's is with the server.
  let release = () => {}
  let held = Promise.resolve()
  const hold = () => { held = new Promise((done) => { release = done }) }
  await context.route('**/v1/live**', (route) => route.abort())
  await tab.route('**/v1/campaigns/**', async (route) => { if (route.request().method() === 'PATCH') await held; await route.continue() })
  // Letters that are typed before the words have the focus are shortcuts of the page.
  const writing = async (page) => {
    await page.getByRole('textbox', { name: content['block.heading'], exact: true }).waitFor()
    await page.waitForFunction(() => document.activeElement?.isContentEditable)
  }
  const heading = async (page, words) => {
    await page.getByRole('button', { name: content['palette.add'].replace('{name}', content['block.heading']), exact: true }).click()
    await writing(page)
    await page.keyboard.type(words)
    await page.keyboard.press('Escape')
  }
  const more = async (page, id, words) => {
    await page.locator(`#handle-${id}`).focus()
    await page.keyboard.press('Enter')
    await writing(page)
    await page.keyboard.press('End')
    await page.keyboard.type(words)
    await page.keyboard.press('Escape')
  }

  await open(tab)
  await open(other.tab)
  const seen = await tab.getByText(task.other.name, { exact: false }).first().waitFor().then(() => true)
  hold()
  await heading(tab, 'Written by the first')
  await heading(other.tab, 'Written by the second')
  await until((text) => text.includes('by the second'), 'the second one’s block')
  release()
  const both = await until((text) => text.includes('by the first') && text.includes('by the second'), 'the first one’s block')
  await tab.locator('.barid-block').filter({ hasText: 'by the second' }).waitFor()
  const asked = await tab.getByRole('dialog').count()
  await other.tab.reload()
  await other.tab.locator('.barid-block').filter({ hasText: 'by the first' }).waitFor()

  const id = both.rows.flatMap(({ cols }) => cols.flat()).find((block) => JSON.stringify(block).includes('by the first')).id
  hold()
  await more(tab, id, ', given up')
  await more(other.tab, id, ', and kept')
  await until((text) => text.includes(', and kept'), 'the second one’s words')
  release()
  const dialog = tab.getByRole('dialog')
  await dialog.getByText(campaigns['conflict.title'], { exact: true }).waitFor()
  const shown = await dialog.innerText()
  await dialog.getByRole('button', { name: campaigns['conflict.all_theirs'], exact: true }).click()
  await dialog.waitFor({ state: 'hidden' })
  await tab.locator('.barid-block').filter({ hasText: ', and kept' }).waitFor()
  const kept = JSON.stringify(await read())
  const states = async () => {
    const about = encodeURIComponent(`${task.campaign}:${both.lang}`)
    const { items } = await (await context.request.get(`/v1/pieces?kind=state&about=${about}`)).json()
    return Promise.all(items.map(async (state) => JSON.stringify(await (await context.request.get(`/v1/pieces/${state.id}`)).json())))
  }
  let found = false
  for (let tries = 0; tries < 40 && !found; tries += 1) {
    found = (await states()).some((state) => state.includes(', given up'))
    if (!found) await tab.waitForTimeout(200)
  }
  await other.context.close()
  const words = both.rows.flatMap(({ cols }) => cols.flat()).map((block) => JSON.stringify(block)).filter((text) => text.includes('Written by'))
  return { seen, both: words.length, asked, shown, told: shown.includes(campaigns['conflict.kept']), kept: [kept.includes(', and kept'), kept.includes(', given up')], found, faultsOfOther: other.faults }
})
