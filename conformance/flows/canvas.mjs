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

/** How far two pictures differ, on the whole and where they differ most. Each square of them may lie a pixel beside the
 *  other's, because a browser begins every line of text on a whole pixel. Both cuts come back, to be seen. */
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
  const SHIFTS = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy) => [dx, dy]))
  // How far a square of one lies from that of the other, where they fit best.
  const square = (a, b, width, [left, right], [top, bottom]) => Math.min(...SHIFTS.map(([dx, dy]) => {
    let sum = 0
    for (let y = top; y < bottom; y += 1) for (let x = left; x < right; x += 1) {
      const [i, j] = [(y * width + x) * 4, ((y + dy) * width + x + dx) * 4]
      sum += Math.abs(a[i] - b[j]) + Math.abs(a[i + 1] - b[j + 1]) + Math.abs(a[i + 2] - b[j + 2])
    }
    return sum / 3
  }))
  // The mean colour of what is not the ground, which letters have wherever they stand.
  const ink = (data) => {
    const total = [0, 0, 0]
    let count = 0
    for (let i = 0; i < data.length; i += 4) {
      const far = Math.abs(data[i] - data[0]) + Math.abs(data[i + 1] - data[1]) + Math.abs(data[i + 2] - data[2])
      if (far < 48) continue
      count += 1
      for (const part of [0, 1, 2]) total[part] += data[i + part]
    }
    return total.map((sum) => sum / Math.max(count, 1))
  }
  const apart = (a, b, width, height) => {
    let [sum, worst] = [0, 0]
    for (let top = 1; top < height - 1; top += TILE) for (let left = 1; left < width - 1; left += TILE) {
      const far = square(a, b, width, [left, Math.min(left + TILE, width - 1)], [top, Math.min(top + TILE, height - 1)])
      sum += far
      worst = Math.max(worst, far)
    }
    const [one, other] = [ink(a), ink(b)]
    return { mean: sum / (width * height), worst: worst / (TILE * TILE), ink: Math.max(...one.map((part, at) => Math.abs(part - other[at]))) }
  }
  const found = []
  for (const { drawn, came } of boxes) {
    const [width, height] = [Math.round(Math.min(drawn.width, came.width)), Math.round(Math.min(drawn.height, came.height))]
    if (width < 3 || height < 3) { found.push({ mean: 0, worst: 0, ink: 0 }); continue }
    const [a, b] = [cut(canvas, drawn, width, height), cut(mail, came, width, height)]
    const whole = (picture, box) => cut(picture, box, Math.max(1, Math.round(box.width)), Math.max(1, Math.round(box.height)))
    found.push({ ...apart(a.data, b.data, width, height), canvas: await text(whole(canvas, drawn)), mail: await text(whole(mail, came)) })
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
    // Until what the server renders for the canvas is there: the lines of the footer, and HTML in its frame.
    await tab.waitForFunction(() => !document.querySelector('.barid-canvas .merge, .barid-canvas .barid-picture') && [...document.querySelectorAll('.barid-canvas iframe')].every((frame) => frame.clientHeight > 0))
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
      const { canvas, mail, mean, worst, ink } = apart[index]
      const one = { document: name, id: came.id, type: types.get(came.id), wide: [drawn.width, came.width], high: [drawn.height, came.height], mean, worst, ink }
      found.push(one)
      const { size, mean: most, worst: tile, ink: colour } = task.bounds
      if (canvas && (task.all || Math.abs(drawn.width - came.width) > size || Math.abs(drawn.height - came.height) > size || mean > most || worst > tile || ink > colour)) {
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
