// The block editor: written in place, moved by keyboard and by pointer, taken back, pasted into another message, and
// what stands on the canvas held against what the server renders.

import { task, texts, walk } from './session.mjs'

const content = texts('app_content')

await walk('editor', async ({ tab, context, at, browser }) => {
  const kept = async (id) => (await (await context.request.get(`/v1/campaigns/${id}`)).json()).content.body.design
  const order = () => tab.locator('.barid-block').evaluateAll((blocks) => blocks.map((block) => block.dataset.block))
  const open = async (id) => {
    await tab.goto(at(`/campaigns/${id}/content`))
    await tab.locator('.barid-canvas').waitFor()
    await tab.waitForFunction(() => !document.querySelector('[data-waiting]'))
  }
  const until = async (id, holds) => {
    for (let tries = 0; tries < 150; tries += 1) {
      const design = await kept(id)
      if (holds(design)) return design
      await tab.waitForTimeout(200)
    }
    throw new Error('what was done does not reach the server')
  }
  const blocks = (design) => design.rows.flatMap(({ cols }) => cols.flat())
  await open(task.campaign)

  // Row by row, the canvas against what the server renders at the same width: the same words at the same height.
  const design = await kept(task.campaign)
  const rowsOf = (page, pick) => page.evaluate((by) => [...document.querySelectorAll(by)].map((row) => ({ id: row.dataset.row ?? [...row.classList].find((name) => name.startsWith('b-')).slice(2), words: row.innerText.replace(/\s+/g, ' ').trim(), height: Math.round(row.getBoundingClientRect().height) })), pick)
  const canvas = await rowsOf(tab, '.barid-row')
  const ask = { content: { subject: 'x', design, language: design.lang, variants: {} }, language: design.lang, sample: true }
  const shown = await (await context.request.post('/v1/content/preview', { data: ask, headers: { origin: task.origin, 'sec-fetch-site': 'same-origin' } })).json()
  const width = await tab.locator('.barid-row').first().evaluate((row) => row.getBoundingClientRect().width)
  const page = await context.newPage()
  await page.setViewportSize({ width: Math.round(width), height: 900 })
  const fonts = await tab.evaluate(() => [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]).filter((rule) => rule instanceof CSSFontFaceRule).map((rule) => rule.cssText.replace(/url\("?(?!data)([^")]+)"?\)/g, (_, url) => `url("${new URL(url, rule.parentStyleSheet.href ?? location.href).href}")`)).join(''))
  await page.route('**/rendered', (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: shown.html.replace('</head>', `<style>${fonts.replaceAll('</', '')}</style></head>`) }))
  await page.goto('/rendered')
  await page.evaluate(() => Promise.all([document.fonts.ready, ...[...document.images].map((image) => image.decode().catch(() => {}))]))
  const rendered = await rowsOf(page, '[class*=" b-"]')
  await page.close()

  // A heading, written in place.
  await tab.getByRole('button', { name: content['palette.add'].replace('{name}', content['block.heading']), exact: true }).click()
  const box = tab.getByRole('textbox', { name: content['block.heading'], exact: true })
  await box.waitFor()
  await tab.keyboard.type('Written in place')
  const written = await until(task.campaign, (now) => JSON.stringify(now).includes('Written in place'))
  const own = blocks(written).find((block) => block.type === 'heading' && JSON.stringify(block).includes('Written in place')).id
  await tab.keyboard.press('Escape')

  // By keyboard: up, twice; taken back; again.
  const before = await order()
  await tab.keyboard.press('Alt+ArrowUp')
  await tab.keyboard.press('Alt+ArrowUp')
  const moved = await order()
  const focused = await tab.evaluate(() => document.activeElement?.id)
  await tab.keyboard.press('ControlOrMeta+z')
  await tab.keyboard.press('ControlOrMeta+z')
  const back = await order()
  await tab.keyboard.press('ControlOrMeta+Shift+z')
  await tab.keyboard.press('ControlOrMeta+Shift+z')
  const again = await order()

  // By pointer: above the block that stands two before it.
  const [handle, goal] = [tab.locator(`#handle-${own}`), tab.locator(`[data-block="${again[again.indexOf(own) - 2]}"]`)]
  await goal.scrollIntoViewIfNeeded()
  await tab.locator(`[data-block="${own}"]`).scrollIntoViewIfNeeded()
  const [from, to] = [await handle.boundingBox(), await goal.boundingBox()]
  await tab.mouse.move(from.x + 8, from.y + 8)
  await tab.mouse.down()
  await tab.mouse.move(from.x + 8, from.y - 30, { steps: 4 })
  await tab.mouse.move(to.x + to.width / 2, to.y + 4, { steps: 8 })
  await tab.mouse.up()
  const carried = await order()
  await until(task.campaign, (now) => JSON.stringify(blocks(now).map(({ id }) => id)) === JSON.stringify(carried))

  // The footer stays, whatever is pressed on it.
  const footer = blocks(design).find(({ type }) => type === 'footer').id
  await tab.locator(`#handle-${footer}`).focus()
  await tab.keyboard.press('Delete')
  await tab.keyboard.press('Alt+ArrowUp')
  const held = (await order()).at(-1) === footer

  // Copied here, pasted into another campaign.
  await tab.locator(`#handle-${own}`).focus()
  await tab.keyboard.press('ControlOrMeta+c')
  await open(task.second)
  await tab.getByRole('button', { name: content['paste'], exact: true }).click()
  const pasted = JSON.stringify(await until(task.second, (now) => JSON.stringify(now).includes('Written in place')))

  return { canvas, rendered, width, ok: shown.ok, before, moved, focused, back, again, carried, own, held, pasted: pasted.includes('Written in place') && !pasted.includes(own) }
})
