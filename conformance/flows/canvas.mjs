// What stands on the canvas and what the server sends, block by block and pixel by pixel: both are photographed in one
// browser, at the same width and in the same font, and held against each other.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { task, walk } from './session.mjs'

// Whatever only the editor shows.
const BARE = '.barid-handle, .barid-bar, .barid-row-note { display: none !important } .barid-block { box-shadow: none !important } .barid-block::after { display: none !important } .barid-row { outline: 0 !important }'
const settled = (page) => page.evaluate(() => Promise.all([document.fonts.ready, ...[...document.images].map((image) => image.decode().catch(() => {}))]))
const photograph = async (page) => (await page.screenshot({ fullPage: true, animations: 'disabled' })).toString('base64')

/** The blocks on the canvas, and where they stand. */
const drawn = (tab) => tab.evaluate(() => [...document.querySelectorAll('.barid-block')].map((block) => {
  const { x, y, width, height } = block.getBoundingClientRect()
  return { id: block.dataset.block, x: x + window.scrollX, y: y + window.scrollY, width, height }
}))

/** The blocks of the mail: a column is a table with a line for each part of a block, and some blocks have two. */
const arrived = (page, design) => page.evaluate((rows) => rows.flatMap((row) => {
  const section = [...document.querySelectorAll('[class*=" b-"]')].find(({ classList }) => classList.contains(`b-${row.id}`))
  const columns = [...section.querySelectorAll('[class*="mj-column-per"]')].filter((column) => !column.querySelector('[class*="mj-column-per"]'))
  return row.cols.flatMap((blocks, col) => {
    const lines = [...(columns[col].querySelector('tbody')?.children ?? [])].map((line) => line.getBoundingClientRect())
    return blocks.map(({ id, type }) => {
      const parts = lines.splice(0, type === 'video' ? 2 : 1)
      const [first, last] = [parts[0], parts.at(-1)]
      return { id, x: first.x + window.scrollX, y: first.y + window.scrollY, width: first.width, height: last.bottom - first.y }
    })
  })
}), design.rows)

/** How far two pictures differ, on the whole and where they differ most; one may lie a pixel beside the other, because
 *  a browser begins a line of text on a whole pixel. Both cuts come back, for whoever wants to see them. */
const compare = (page, one, other, boxes) => page.evaluate(async ({ one, other, boxes }) => {
  const load = async (data) => createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob())
  const [canvas, mail] = [await load(one), await load(other)]
  const cut = (picture, box, width, height) => {
    const sheet = new OffscreenCanvas(width, height)
    const pen = sheet.getContext('2d', { willReadFrequently: true })
    pen.drawImage(picture, -Math.round(box.x), -Math.round(box.y))
    return { sheet, data: pen.getImageData(0, 0, width, height).data }
  }
  const text = async ({ sheet }) => new Promise(async (done) => { const reader = new FileReader(); reader.onload = () => done(reader.result.split(',')[1]); reader.readAsDataURL(await sheet.convertToBlob()) })
  const TILE = 24
  const apart = (a, b, width, height, dx, dy) => {
    const across = Math.ceil(width / TILE)
    const tiles = new Map()
    let sum = 0, count = 0
    for (let y = 1; y < height - 1; y += 1) for (let x = 1; x < width - 1; x += 1) {
      const [i, j] = [(y * width + x) * 4, ((y + dy) * width + x + dx) * 4]
      const far = (Math.abs(a[i] - b[j]) + Math.abs(a[i + 1] - b[j + 1]) + Math.abs(a[i + 2] - b[j + 2])) / 3
      const key = Math.floor(y / TILE) * across + Math.floor(x / TILE)
      tiles.set(key, (tiles.get(key) ?? 0) + far)
      sum += far
      count += 1
    }
    return { mean: sum / Math.max(count, 1), worst: Math.max(0, ...tiles.values()) / (TILE * TILE) }
  }
  const found = []
  for (const { drawn, came } of boxes) {
    const [width, height] = [Math.round(Math.min(drawn.width, came.width)), Math.round(Math.min(drawn.height, came.height))]
    if (width < 3 || height < 3) { found.push({ mean: 0, worst: 0 }); continue }
    const [a, b] = [cut(canvas, drawn, width, height), cut(mail, came, width, height)]
    let best = { mean: Infinity }
    for (const dx of [0, -1, 1]) for (const dy of [0, -1, 1]) {
      const now = apart(a.data, b.data, width, height, dx, dy)
      if (now.mean < best.mean) best = now
    }
    const whole = (picture, box) => cut(picture, box, Math.max(1, Math.round(box.width)), Math.max(1, Math.round(box.height)))
    found.push({ ...best, canvas: await text(whole(canvas, drawn)), mail: await text(whole(mail, came)) })
  }
  return found
}, { one, other, boxes })

await walk('canvas', async ({ tab, context, at }) => {
  const bench = await context.newPage()
  const page = await context.newPage()
  const ask = { headers: { origin: task.origin, 'sec-fetch-site': 'same-origin' } }
  const found = []
  let fonts = null
  for (const { name, campaign, design } of task.documents) {
    await tab.setViewportSize({ width: 1440, height: 900 })
    await tab.goto(at(`/campaigns/${campaign}/content`))
    await tab.locator('.barid-canvas').waitFor()
    await tab.waitForFunction(() => !document.querySelector('[data-waiting]'))
    await tab.addStyleTag({ content: BARE })
    await tab.mouse.move(0, 0)
    await tab.waitForLoadState('networkidle')
    await settled(tab)
    fonts ??= await tab.evaluate(() => [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]).filter((rule) => rule instanceof CSSFontFaceRule).map((rule) => rule.cssText.replace(/url\("?(?!data)([^")]+)"?\)/g, (_, url) => `url("${new URL(url, rule.parentStyleSheet.href ?? location.href).href}")`)).join(''))
    const onCanvas = await drawn(tab)
    const one = await photograph(tab)
    const body = { subject: name, design, language: design.lang, variants: {} }
    const shown = await (await context.request.post('/v1/content/preview', { data: { content: body, language: design.lang, sample: true }, ...ask })).json()
    if (!shown.html) throw new Error(`${name}: ${JSON.stringify(shown.findings)}`)
    await page.setViewportSize({ width: 640, height: 900 })
    await page.unrouteAll()
    await page.route('**/rendered', (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: shown.html.replace('</head>', `<style>${fonts.replaceAll('</', '')}</style></head>`) }))
    await page.goto('/rendered')
    await settled(page)
    const inMail = await arrived(page, design)
    const other = await photograph(page)
    const boxes = inMail.map((came) => ({ came, drawn: onCanvas.find(({ id }) => id === came.id) })).filter((pair) => pair.drawn)
    const apart = await compare(bench, one, other, boxes)
    const types = new Map(design.rows.flatMap(({ cols }) => cols.flat()).map(({ id, type }) => [id, type]))
    for (const [index, { came, drawn }] of boxes.entries()) {
      const { canvas, mail, mean, worst } = apart[index]
      const one = { document: name, id: came.id, type: types.get(came.id), wide: [drawn.width, came.width], high: [drawn.height, came.height], mean, worst }
      found.push(one)
      const { size, mean: most, worst: tile } = task.bounds
      if (canvas && (task.all || Math.abs(drawn.width - came.width) > size || Math.abs(drawn.height - came.height) > size || mean > most || worst > tile)) {
        mkdirSync(task.kept, { recursive: true })
        one.pictures = [['canvas', canvas], ['mail', mail]].map(([where, data]) => {
          const file = join(task.kept, `${name}-${came.id}-${where}.png`)
          writeFileSync(file, Buffer.from(data, 'base64'))
          return file
        })
      }
    }
    if (boxes.length !== types.size) throw new Error(`${name}: ${boxes.length} of ${types.size} blocks are there`)
  }
  return { blocks: found }
})
