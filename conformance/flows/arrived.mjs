// A mail that arrived, opened in a browser as wide as a mail program's window: where each of its blocks stands.

import { join } from 'node:path'
import { task, walk } from './session.mjs'

await walk('arrived', async ({ tab, context, at }) => {
  // The canvas writes in the application's own font; the mail is shown in the same, so that lines break alike.
  await tab.goto(at('/campaigns'))
  await tab.waitForLoadState('load')
  const fonts = await tab.evaluate(() => [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]).filter((rule) => rule instanceof CSSFontFaceRule).map((rule) => rule.cssText.replace(/url\("?(?!data)([^")]+)"?\)/g, (_, url) => `url("${new URL(url, rule.parentStyleSheet.href ?? location.href).href}")`)).join(''))
  const shown = {}
  for (const [name, width, dark] of [['640', 640, false], ['375', 375, false], ['640-dark', 640, true]]) {
    const page = await context.newPage()
    await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' })
    await page.setViewportSize({ width, height: 900 })
    await page.route('**/arrived', (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: task.html.replace('</head>', `<style>${fonts.replaceAll('</', '')}</style></head>`) }))
    await page.goto('/arrived')
    await page.evaluate(() => Promise.all([document.fonts.ready, ...[...document.images].map((image) => image.decode().catch(() => {}))]))
    shown[name] = await page.evaluate(() => ({
      overflow: document.documentElement.scrollWidth - window.innerWidth,
      broken: [...document.images].filter((image) => image.naturalWidth === 0 && image.width > 1).map((image) => image.src),
      rows: [...document.querySelectorAll('[class*=" b-"]')].map((row) => {
        const box = row.getBoundingClientRect()
        // A column is a table with a line for each block.
        const columns = [...row.querySelectorAll('[class*="mj-column-per"]')]
        const cells = columns.flatMap((column) => [...(column.querySelector('tbody')?.children ?? [])])
        return {
          id: [...row.classList].find((name) => name.startsWith('b-')).slice(2), width: box.width, height: box.height,
          blocks: cells.map((cell) => { const { x, width, height } = cell.getBoundingClientRect(); return { x: x - box.x, width, height, words: cell.innerText.replace(/\s+/g, ' ').trim() } }),
        }
      }),
    }))
    if (task.shots) await page.screenshot({ path: join(task.shots, `arrived-${name}-${task.language}.png`), fullPage: true })
    await page.close()
  }
  return { shown }
})
