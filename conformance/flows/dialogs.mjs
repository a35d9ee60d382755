// Everything that the editor opens, in a wide and in a narrow window, light and dark: axe judges each, none is wider than
// its window, and in the narrow one nothing is missing that the wide one has.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { task, texts, walk } from './session.mjs'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const words = texts('app_content')
const filled = (text, values) => Object.entries(values).reduce((now, [name, value]) => now.replace(`{${name}}`, value), text)

await walk('dialogs', async ({ tab, at }) => {
  const found = []
  const judge = async (name) => {
    await tab.waitForFunction(() => !document.querySelector('[data-waiting]'))
    await tab.evaluate(axe)
    const { violations } = await tab.evaluate(() => globalThis.axe.run(document, { iframes: false, resultTypes: ['violations'] }))
    const wider = await tab.evaluate(() => [document.documentElement, ...document.querySelectorAll('[role="dialog"]')].some(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1))
    found.push({ name, wider, violations: violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`) })
    if (task.shots) await tab.screenshot({ path: join(task.shots, `dialogs-${name}-${task.language}.png`) })
  }
  for (const width of [1280, 390]) for (const dark of [false, true]) {
    const look = `${width}-${dark ? 'dark' : 'light'}`
    await tab.emulateMedia({ colorScheme: dark ? 'dark' : 'light', reducedMotion: 'reduce' })
    await tab.setViewportSize({ width, height: 900 })
    await tab.goto(at(`/campaigns/${task.campaign}/content`))
    const pressed = (name) => tab.getByRole('button', { name, exact: true }).first().click()
    if (width === 1280) {
      await tab.locator('.barid-canvas').waitFor()
      await tab.locator(`#handle-${task.block}`).focus()
      await judge(`${look}-chosen`)
      if (!dark) {
        // A change, so that there is an earlier state.
        await tab.keyboard.press('Alt+ArrowDown')
        await pressed(words['kept'])
        const names = tab.getByRole('dialog').getByRole('textbox', { name: words['kept.name'] })
        await names.first().fill(`Looks ${task.language}`)
        await tab.getByRole('dialog').getByRole('button', { name: words['kept.brand.keep'], exact: true }).click()
        await names.nth(1).fill(`Row ${task.language}`)
        await tab.getByRole('dialog').getByRole('button', { name: words['kept.block.keep'], exact: true }).click()
        await tab.getByRole('dialog').getByRole('button', { name: filled(words['kept.take'], { name: `Row ${task.language}` }), exact: true }).waitFor()
        await tab.keyboard.press('Escape')
        await tab.getByRole('dialog').waitFor({ state: 'hidden' })
      }
    } else {
      await tab.getByRole('button', { name: words['kept'], exact: true }).waitFor()
      await judge(`${look}-form`)
      // The row of the block whose form is open, with who sees it.
      await pressed(words['row'])
      await tab.getByRole('dialog').getByText(words['row.none']).waitFor()
      await tab.keyboard.press('Escape')
      await tab.getByRole('dialog').waitFor({ state: 'hidden' })
      await tab.locator(`#block-${task.block}`).click()
      await pressed(words['row'])
      await tab.getByRole('dialog').getByRole('group', { name: words['visible'] }).waitFor()
      await judge(`${look}-row`)
      await tab.keyboard.press('Escape')
      await tab.getByRole('dialog').waitFor({ state: 'hidden' })
    }
    for (const name of ['begin.again', 'kept', 'states', 'links', 'editor.test']) {
      await pressed(words[name])
      const dialog = tab.getByRole('dialog', { name: words[name === 'begin.again' ? 'begin' : name], exact: true })
      await dialog.waitFor()
      if (name === 'begin.again') await dialog.locator('iframe').first().waitFor()
      if (name === 'kept') await dialog.getByRole('button', { name: filled(words['kept.take'], { name: `Row ${task.language}` }), exact: true }).locator('iframe').waitFor()
      if (name === 'states') {
        await dialog.getByRole('button', { expanded: false }).first().click()
        await dialog.locator('iframe').waitFor()
      }
      await judge(`${look}-${name}`)
      await tab.keyboard.press('Escape')
      await dialog.waitFor({ state: 'hidden' })
    }
  }
  return { found }
})
