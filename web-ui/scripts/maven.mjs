// What Maven calls: `node scripts/maven.mjs build` and `… test`. Does only what is stale:
//   npm ci         when package-lock.json differs from the one node_modules was made from
//   npm run build  when a source is newer than the built console
//   npm test       when a source is newer than the last green run
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const openapi = join(root, '../dm-server/src/main/resources/openapi.yaml')
const installed = join(root, 'node_modules/.firstlight-lock')
const built = join(root, 'target/classes/console/index.html')
const tested = join(root, 'target/tests-passed')

const configs = ['index.html', 'package.json', 'package-lock.json', 'tsconfig.json', 'vite.config.ts']

function newest(path) {
  if (!existsSync(path)) return 0
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}

function newerThan(target, ...sources) {
  if (!existsSync(target)) return true
  const made = statSync(target).mtimeMs
  return sources.some((source) => newest(join(root, source)) > made) || newest(openapi) > made
}

/** Runs npm, and shows its output only when it fails. */
function npm(what, ...args) {
  process.stdout.write(`console: ${what}\n`)
  try {
    execFileSync('npm', args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  } catch (failure) {
    process.stderr.write(`${failure.stdout ?? ''}${failure.stderr ?? failure}\n`)
    process.stderr.write(`console: npm ${args.join(' ')} failed\n`)
    process.exit(1)
  }
}

function install() {
  const lock = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex')
  if (existsSync(installed) && readFileSync(installed, 'utf8') === lock) return
  npm('installing its packages', 'ci')
  writeFileSync(installed, lock)
}

switch (process.argv[2]) {
  case 'build':
    if (newerThan(built, 'src', 'public', ...configs)) {
      install()
      npm('building', 'run', 'build')
    }
    break
  case 'test':
    if (newerThan(tested, 'src', 'public', 'test', 'scripts', ...configs)) {
      install()
      npm('checking types and running its tests', 'test')
      mkdirSync(dirname(tested), { recursive: true })
      writeFileSync(tested, '')
    }
    break
  default:
    process.stderr.write('usage: maven.mjs build|test\n')
    process.exit(2)
}
