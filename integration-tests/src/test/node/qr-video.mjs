// Writes what a camera sees before a QR code, as YUV4MPEG2: node qr-video.mjs TEXT FILE
import { writeFileSync } from 'node:fs'
import encodeQR from '../../../../web-ui/node_modules/qr/index.js'

const [text, file] = process.argv.slice(2)
const width = 640
const height = 480
const code = encodeQR(text, 'raw', { ecc: 'medium', border: 4 })
const scale = Math.floor((height - 40) / code.length)
const left = Math.floor((width - scale * code.length) / 2)
const top = Math.floor((height - scale * code.length) / 2)
const frame = Buffer.alloc((width * height * 3) / 2, 128)
for (let y = 0; y < height; y++) {
  for (let x = 0; x < width; x++) {
    const dark = code[Math.floor((y - top) / scale)]?.[Math.floor((x - left) / scale)] === true
    frame[y * width + x] = dark ? 20 : 225
  }
}
const frames = Array.from({ length: 5 }, () => [Buffer.from('FRAME\n'), frame]).flat()
writeFileSync(file, Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F5:1 Ip A1:1 C420jpeg\n`), ...frames]))
