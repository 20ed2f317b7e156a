/** What is drawn on the right half of a cover. */
type Art =
  | { type: 'phone'; camera: 'dual' | 'square' | 'ring' | 'bar' | 'pill'; body: string; screen: [string, string] }
  | { type: 'fold'; screen: [string, string] }
  | { type: 'tablet'; screen: [string, string] }
  | { type: 'watch' | 'earbuds' | 'charger' | 'power-bank' | 'case' | 'shield' }
  | { type: 'ticket'; value: string; unit: string }
  | { type: 'member-card'; level: string; metal: [string, string] }
  | { type: 'calendar'; day: string; note: string }
  | { type: 'lens' | 'gift' | 'storefront' | 'repair' }

export type Cover = {
  /** Upper left and lower right colour of the ground. */
  ground: [string, string]
  /** White words on dark grounds, dark ones on light grounds. */
  ink: 'light' | 'dark'
  /** One or two lines of at most six characters. */
  title: string[]
  subtitle: string
  /** Words in the pill; a price or what to do. */
  pill: string
  art: Art
}

export const coverWidth = 520
export const coverHeight = 416

/** A whole cover as SVG. Flat colours and two gradients, so that the picture packs small. */
export function drawCover({ ground, ink, title, subtitle, pill, art }: Cover): string {
  const word = ink === 'light' ? '#ffffff' : '#1f2a44'
  const pillGround = ink === 'light' ? '#ffffff' : '#1f2a44'
  const pillWord = ink === 'light' ? ground[1] : '#ffffff'
  const size = title.some((line) => widthOf(line) > 5.2) ? 40 : 46
  const titleTop = title.length > 1 ? 160 : 182
  const lines = title.map((line, index) =>
    text(line, 36, titleTop + index * (size + 12), { size, weight: 700, fill: word }),
  )
  const subtitleTop = titleTop + (title.length - 1) * (size + 12) + 40
  const pillWidth = Math.round(widthOf(pill) * 24 + 44)

  return `<svg xmlns="http://www.w3.org/2000/svg" width="${coverWidth}" height="${coverHeight}" viewBox="0 0 ${coverWidth} ${coverHeight}">
    <defs>${gradient('ground', ground, true)}</defs>
    <rect width="100%" height="100%" fill="url(#ground)"/>
    <circle cx="384" cy="206" r="178" fill="#fff" opacity=".10"/>
    <circle cx="384" cy="206" r="128" fill="#fff" opacity=".10"/>
    <circle cx="40" cy="400" r="96" fill="#fff" opacity=".06"/>
    <g transform="translate(10 12) scale(.94)">${drawArt(art)}</g>
    <rect x="36" y="52" width="44" height="6" rx="3" fill="${word}" opacity=".85"/>
    ${text('星河通讯', 36, 92, { size: 20, weight: 500, fill: word, opacity: 0.85 })}
    ${lines.join('')}
    ${text(subtitle, 36, subtitleTop, { size: 21, weight: 400, fill: word, opacity: 0.85 })}
    <rect x="36" y="${subtitleTop + 28}" width="${pillWidth}" height="48" rx="24" fill="${pillGround}"/>
    ${text(pill, 36 + pillWidth / 2, subtitleTop + 60, { size: 24, weight: 700, fill: pillWord, anchor: 'middle' })}
  </svg>`
}

function drawArt(art: Art): string {
  switch (art.type) {
    case 'phone':
      return drawPhone(art)
    case 'fold':
      return drawFold(art.screen)
    case 'tablet':
      return drawTablet(art.screen)
    case 'ticket':
      return drawTicket(art.value, art.unit)
    case 'member-card':
      return drawMemberCard(art.level, art.metal)
    case 'calendar':
      return drawCalendar(art.day, art.note)
    default:
      return drawings[art.type]
  }
}

const dark = '#1d2433'
const shadow = '#0b1020'

function drawPhone({ camera, body, screen }: Extract<Art, { type: 'phone' }>): string {
  return `<defs>${gradient('screen', screen)}</defs>
  <ellipse cx="404" cy="372" rx="118" ry="12" fill="${shadow}" opacity=".18"/>
  <g transform="rotate(-9 360 216)">
    <rect x="298" y="72" width="140" height="290" rx="26" fill="${body}" stroke="#fff" stroke-opacity=".45" stroke-width="2"/>
    ${cameras[camera]}
  </g>
  <g transform="rotate(5 430 230)">
    <rect x="354" y="88" width="142" height="290" rx="26" fill="${dark}"/>
    <rect x="361" y="95" width="128" height="276" rx="20" fill="url(#screen)"/>
    <path d="M361 262 C400 226 436 300 489 248 V351 a20 20 0 0 1 -20 20 H381 a20 20 0 0 1 -20 -20 Z" fill="#fff" opacity=".20"/>
    <path d="M361 300 C408 268 444 332 489 288 V351 a20 20 0 0 1 -20 20 H381 a20 20 0 0 1 -20 -20 Z" fill="#fff" opacity=".22"/>
    <rect x="405" y="104" width="40" height="11" rx="5.5" fill="${dark}"/>
    ${text('9:41', 425, 168, { size: 34, weight: 300, fill: '#fff', anchor: 'middle' })}
    <rect x="399" y="359" width="52" height="4" rx="2" fill="#fff" opacity=".8"/>
  </g>`
}

const lens = (x: number, y: number, radius: number) =>
  `<circle cx="${x}" cy="${y}" r="${radius}" fill="${dark}"/><circle cx="${x}" cy="${y}" r="${radius * 0.55}" fill="#33415f"/><circle cx="${x - radius * 0.25}" cy="${y - radius * 0.25}" r="${radius * 0.18}" fill="#b9c7e8"/>`
const flash = (x: number, y: number) => `<circle cx="${x}" cy="${y}" r="4.5" fill="#fff5cf"/>`
const cameras = {
  dual: `<rect x="310" y="84" width="56" height="56" rx="18" fill="#fff" opacity=".22"/>${lens(327, 101, 11)}${lens(349, 123, 11)}${flash(349, 99)}`,
  square: `<rect x="308" y="82" width="72" height="72" rx="22" fill="#fff" opacity=".22"/>${lens(328, 102, 13)}${lens(328, 134, 13)}${lens(358, 118, 13)}${flash(360, 94)}`,
  ring: `<circle cx="350" cy="124" r="39" fill="#fff" opacity=".24"/><circle cx="350" cy="124" r="39" fill="none" stroke="#fff" stroke-opacity=".6" stroke-width="3"/>${lens(335, 110, 11)}${lens(365, 110, 11)}${lens(335, 139, 11)}${lens(365, 139, 11)}`,
  bar: `<rect x="298" y="92" width="140" height="48" fill="#000" opacity=".16"/>${lens(326, 116, 14)}${lens(362, 116, 14)}${lens(398, 116, 14)}${flash(424, 116)}`,
  pill: `<rect x="312" y="86" width="40" height="98" rx="20" fill="#fff" opacity=".24"/>${lens(332, 108, 13)}${lens(332, 140, 13)}${flash(332, 168)}`,
} as const

function drawFold(screen: [string, string]): string {
  return `<defs>${gradient('screen', screen)}</defs>
  <ellipse cx="398" cy="372" rx="124" ry="12" fill="${shadow}" opacity=".18"/>
  <path d="M282 96 q0 -20 20 -18 l94 14 v274 l-94 -14 q-20 -3 -20 -22 Z" fill="${dark}"/>
  <path d="M396 92 l94 -14 q20 -2 20 18 v234 q0 19 -20 22 l-94 14 Z" fill="${dark}"/>
  <path d="M290 100 q0 -14 14 -12 l92 13 v256 l-92 -13 q-14 -2 -14 -15 Z" fill="url(#screen)"/>
  <path d="M396 101 l92 -13 q14 -2 14 12 v229 q0 13 -14 15 l-92 13 Z" fill="url(#screen)"/>
  <path d="M396 101 l92 -13 q14 -2 14 12 v229 q0 13 -14 15 l-92 13 Z" fill="#fff" opacity=".12"/>
  <path d="M396 92 v274" stroke="#000" stroke-opacity=".35" stroke-width="2"/>
  ${rows(308, 128, 66)}${rows(414, 128, 66)}
  <rect x="308" y="222" width="70" height="86" rx="12" fill="#fff" opacity=".35"/>
  <circle cx="450" cy="266" r="38" fill="#fff" opacity=".32"/>
  <path d="M432 266 l12 13 24 -26" fill="none" stroke="#fff" stroke-width="7" stroke-linecap="round" stroke-linejoin="round"/>`
}

function drawTablet(screen: [string, string]): string {
  return `<defs>${gradient('screen', screen)}</defs>
  <ellipse cx="392" cy="352" rx="130" ry="12" fill="${shadow}" opacity=".18"/>
  <g transform="rotate(-6 392 216)">
    <rect x="276" y="112" width="232" height="204" rx="20" fill="${dark}"/>
    <rect x="286" y="122" width="212" height="184" rx="12" fill="url(#screen)"/>
    <rect x="304" y="142" width="82" height="64" rx="12" fill="#fff" opacity=".38"/>
    <rect x="398" y="142" width="82" height="64" rx="12" fill="#fff" opacity=".24"/>
    ${rows(304, 228, 176)}
    <path d="M304 286 q30 -30 60 -6 t56 -10 t60 -4" fill="none" stroke="#fff" stroke-width="5" stroke-linecap="round" opacity=".8"/>
  </g>
  <g transform="rotate(24 470 300)"><rect x="464" y="206" width="12" height="150" rx="6" fill="#fff"/><path d="M464 352 h12 l-6 18 Z" fill="#c9d3e6"/></g>`
}

const rows = (x: number, y: number, width: number) =>
  [1, 0.8, 0.6]
    .map(
      (part, index) =>
        `<rect x="${x}" y="${y + index * 18}" width="${width * part}" height="9" rx="4.5" fill="#fff" opacity=".55"/>`,
    )
    .join('')

function drawTicket(value: string, unit: string): string {
  return `<g transform="rotate(-8 398 210)">
    <path d="M300 122 h196 a14 14 0 0 1 14 14 v54 a22 22 0 0 0 0 44 v54 a14 14 0 0 1 -14 14 h-196 a14 14 0 0 1 -14 -14 v-54 a22 22 0 0 0 0 -44 v-54 a14 14 0 0 1 14 -14 Z" fill="${shadow}" opacity=".16" transform="translate(6 12)"/>
    <path d="M300 122 h196 a14 14 0 0 1 14 14 v54 a22 22 0 0 0 0 44 v54 a14 14 0 0 1 -14 14 h-196 a14 14 0 0 1 -14 -14 v-54 a22 22 0 0 0 0 -44 v-54 a14 14 0 0 1 14 -14 Z" fill="#fff8ec"/>
    <path d="M322 252 H474" stroke="#f0b57a" stroke-width="3" stroke-dasharray="7 7"/>
    ${text(value, 398, 214, { size: value.length > 4 ? 56 : value.length > 3 ? 64 : 76, weight: 700, fill: '#e8472b', anchor: 'middle' })}
    ${text(unit, 398, 286, { size: 22, weight: 500, fill: '#a8552f', anchor: 'middle' })}
    ${text('优惠券', 398, 148, { size: 16, weight: 500, fill: '#c98a5b', anchor: 'middle' })}
  </g>`
}

function drawMemberCard(level: string, metal: [string, string]): string {
  return `<defs>${gradient('metal', metal, true)}</defs>
  <g transform="rotate(-10 396 210)">
    <rect x="284" y="150" width="232" height="146" rx="18" fill="${shadow}" opacity=".2"/>
    <rect x="278" y="136" width="232" height="146" rx="18" fill="url(#metal)"/>
    <path d="M278 236 C330 196 400 270 510 206 V264 a18 18 0 0 1 -18 18 H296 a18 18 0 0 1 -18 -18 Z" fill="#fff" opacity=".18"/>
    ${text('星河会员', 298, 170, { size: 19, weight: 500, fill: '#fff' })}
    ${text(level, 298, 222, { size: 38, weight: 700, fill: '#fff' })}
    ${text('NO. 8888 2026', 298, 262, { size: 15, weight: 400, fill: '#fff', opacity: 0.9 })}
    ${star(474, 168, 17, '#fff')}
  </g>
  ${star(492, 92, 12, '#fff')}${star(292, 330, 9, '#fff')}${star(470, 336, 14, '#fff')}`
}

function drawCalendar(day: string, note: string): string {
  return `<g transform="rotate(5 398 214)">
    <rect x="304" y="112" width="196" height="208" rx="22" fill="${shadow}" opacity=".18"/>
    <rect x="298" y="100" width="196" height="208" rx="22" fill="#fff"/>
    <path d="M298 150 v-28 a22 22 0 0 1 22 -22 h152 a22 22 0 0 1 22 22 v28 Z" fill="#e8472b"/>
    <rect x="336" y="84" width="12" height="34" rx="6" fill="${dark}"/><rect x="444" y="84" width="12" height="34" rx="6" fill="${dark}"/>
    ${text(day, 396, 248, { size: day.length > 3 ? 54 : 84, weight: 700, fill: dark, anchor: 'middle' })}
    ${text(note, 396, 290, { size: 22, weight: 500, fill: '#6b7690', anchor: 'middle' })}
  </g>`
}

const drawings = {
  watch: `<ellipse cx="398" cy="378" rx="70" ry="9" fill="${shadow}" opacity=".18"/>
    <path d="M358 128 l10 -76 h60 l10 76 Z" fill="#3c4763"/><path d="M358 292 l10 76 h60 l10 -76 Z" fill="#3c4763"/>
    <circle cx="398" cy="210" r="100" fill="#c7cfde"/><circle cx="398" cy="210" r="88" fill="${dark}"/>
    <rect x="494" y="198" width="14" height="24" rx="5" fill="#c7cfde"/>
    <circle cx="398" cy="210" r="68" fill="none" stroke="#2f3b57" stroke-width="12"/>
    <path d="M398 142 a68 68 0 1 1 -59 102" fill="none" stroke="#38d39f" stroke-width="12" stroke-linecap="round"/>
    ${text('10:08', 398, 214, { size: 36, weight: 500, fill: '#fff', anchor: 'middle' })}
    ${text('8,216 步', 398, 242, { size: 17, weight: 400, fill: '#9fb0d0', anchor: 'middle' })}`,
  earbuds: `<ellipse cx="398" cy="362" rx="112" ry="11" fill="${shadow}" opacity=".18"/>
    <g fill="#fff"><path d="M338 84 a34 34 0 0 1 34 34 v14 q0 12 -10 16 v66 a12 12 0 0 1 -24 0 v-66 a34 34 0 0 1 0 -64 Z"/>
    <path d="M458 84 a34 34 0 0 0 -34 34 v14 q0 12 10 16 v66 a12 12 0 0 0 24 0 v-66 a34 34 0 0 0 0 -64 Z"/></g>
    <ellipse cx="362" cy="118" rx="9" ry="15" fill="#56617c"/><ellipse cx="434" cy="118" rx="9" ry="15" fill="#56617c"/>
    <rect x="290" y="222" width="216" height="132" rx="52" fill="#f4f6fb"/><path d="M290 272 H506" stroke="#c3ccde" stroke-width="3"/>
    <circle cx="398" cy="306" r="7" fill="#38d39f"/><rect x="374" y="266" width="48" height="12" rx="6" fill="#c3ccde"/>
    <path d="M278 110 q-14 22 0 46 M262 98 q-22 34 0 70 M518 110 q14 22 0 46" fill="none" stroke="#fff" stroke-width="6" stroke-linecap="round" opacity=".7"/>`,
  charger: `<ellipse cx="396" cy="352" rx="120" ry="11" fill="${shadow}" opacity=".18"/>
    <path d="M398 300 q0 70 80 62 h60" fill="none" stroke="#fff" stroke-width="12"/>
    <circle cx="398" cy="204" r="112" fill="#e9edf5"/><circle cx="398" cy="204" r="96" fill="#fff"/>
    <circle cx="398" cy="204" r="72" fill="none" stroke="#d4dbe8" stroke-width="8"/>
    <path d="M410 148 l-42 64 h30 l-12 50 44 -66 h-30 Z" fill="#f5a623"/>`,
  'power-bank': `<ellipse cx="400" cy="372" rx="100" ry="11" fill="${shadow}" opacity=".18"/>
    <g transform="rotate(8 400 216)"><rect x="318" y="76" width="160" height="288" rx="30" fill="#f4f6fb"/>
    <rect x="318" y="76" width="160" height="70" rx="30" fill="#fff"/>
    <rect x="344" y="104" width="40" height="16" rx="8" fill="${dark}"/><rect x="410" y="106" width="36" height="12" rx="6" fill="${dark}"/>
    ${text('20000', 398, 226, { size: 40, weight: 700, fill: dark, anchor: 'middle' })}${text('mAh · 3C', 398, 256, { size: 20, weight: 500, fill: '#6b7690', anchor: 'middle' })}
    ${[0, 1, 2, 3].map((dot) => `<circle cx="${362 + dot * 24}" cy="318" r="6" fill="${dot < 3 ? '#38d39f' : '#c3ccde'}"/>`).join('')}</g>`,
  case: `<ellipse cx="402" cy="374" rx="112" ry="11" fill="${shadow}" opacity=".18"/>
    <g transform="rotate(-8 370 220)"><rect x="302" y="76" width="146" height="288" rx="32" fill="#ff9f7a"/><rect x="312" y="86" width="126" height="268" rx="24" fill="#ffb598"/>
    <rect x="322" y="96" width="64" height="64" rx="20" fill="#e37f59"/>${lens(341, 115, 11)}${lens(366, 140, 11)}<circle cx="375" cy="250" r="38" fill="none" stroke="#fff" stroke-width="6" opacity=".8"/></g>
    <g transform="rotate(10 456 230)"><rect x="398" y="96" width="120" height="262" rx="22" fill="#dff1ff" opacity=".72" stroke="#fff" stroke-width="3"/>
    <path d="M414 186 L486 114 M414 240 L502 152" stroke="#fff" stroke-width="9" stroke-linecap="round"/></g>`,
  shield: `<ellipse cx="398" cy="372" rx="100" ry="11" fill="${shadow}" opacity=".18"/>
    <path d="M398 66 l112 40 v88 q0 118 -112 170 q-112 -52 -112 -170 v-88 Z" fill="#fff"/>
    <path d="M398 88 l92 33 v74 q0 100 -92 145 Z" fill="#dfe8fb"/>
    <rect x="352" y="134" width="92" height="158" rx="16" fill="${dark}"/><rect x="359" y="141" width="78" height="144" rx="10" fill="#7fa2f5"/>
    <path d="M376 214 l16 18 32 -38" fill="none" stroke="#fff" stroke-width="10" stroke-linecap="round" stroke-linejoin="round"/>`,
  lens: `<ellipse cx="398" cy="350" rx="126" ry="11" fill="${shadow}" opacity=".18"/>
    <path d="M348 118 l16 -30 h68 l16 30 h44 a22 22 0 0 1 22 22 v168 a22 22 0 0 1 -22 22 h-188 a22 22 0 0 1 -22 -22 v-168 a22 22 0 0 1 22 -22 Z" fill="#fff"/>
    <rect x="282" y="160" width="232" height="20" fill="#e3e9f4"/>
    <circle cx="398" cy="226" r="78" fill="#c7cfde"/><circle cx="398" cy="226" r="66" fill="${dark}"/><circle cx="398" cy="226" r="42" fill="#33508f"/><circle cx="398" cy="226" r="20" fill="#15203c"/>
    <circle cx="378" cy="204" r="12" fill="#dbe6ff"/><circle cx="484" cy="142" r="9" fill="#ff6b57"/>`,
  gift: `<ellipse cx="398" cy="364" rx="118" ry="11" fill="${shadow}" opacity=".18"/>
    <rect x="300" y="196" width="196" height="160" rx="14" fill="#fff"/><rect x="286" y="156" width="224" height="56" rx="14" fill="#fff3e0"/>
    <rect x="378" y="156" width="40" height="200" fill="#e8472b"/>
    <path d="M398 156 q-70 -12 -64 -52 q8 -36 44 -8 q18 18 20 60 q2 -42 20 -60 q36 -28 44 8 q6 40 -64 52 Z" fill="#e8472b"/>
    <path d="M398 150 q-42 -10 -40 -36 q6 -16 24 0 q12 14 16 36 q4 -22 16 -36 q18 -16 24 0 q2 26 -40 36 Z" fill="#ff8a70"/>
    ${star(300, 104, 12, '#fff')}${star(500, 96, 15, '#fff')}${star(476, 240, 9, '#f6c46b')}${star(330, 280, 9, '#f6c46b')}`,
  storefront: `<ellipse cx="398" cy="358" rx="128" ry="11" fill="${shadow}" opacity=".18"/>
    <rect x="290" y="150" width="216" height="200" rx="10" fill="#fff"/>
    <rect x="306" y="218" width="98" height="92" rx="8" fill="#bfe3f5"/><path d="M318 298 l50 -66 M350 300 l40 -52" stroke="#fff" stroke-width="8" stroke-linecap="round"/>
    <rect x="420" y="218" width="68" height="132" rx="8" fill="#33508f"/><circle cx="476" cy="288" r="5" fill="#f6c46b"/>
    <path d="M280 112 h236 l14 70 h-264 Z" fill="#e8472b"/>
    ${[0, 1, 2].map((n) => `<path d="M${313 + n * 88} 112 h44 l${n * 4 - 2} 70 h-48 Z" fill="#fff3e0"/>`).join('')}
    ${[0, 1, 2, 3, 4, 5].map((n) => `<path d="M${266 + n * 44} 182 a22 22 0 0 0 44 0 Z" fill="${n % 2 ? '#fff3e0' : '#e8472b'}"/>`).join('')}
    <path d="M460 24 a34 34 0 0 1 34 34 q0 26 -34 56 q-34 -30 -34 -56 a34 34 0 0 1 34 -34 Z" fill="#ffd166"/><circle cx="460" cy="58" r="13" fill="#fff"/>`,
  repair: `<ellipse cx="398" cy="374" rx="110" ry="11" fill="${shadow}" opacity=".18"/>
    <rect x="316" y="70" width="150" height="296" rx="28" fill="${dark}"/><rect x="324" y="78" width="134" height="280" rx="21" fill="#eaf2ff"/>
    <path d="M350 110 l22 34 -14 20 28 30 M372 144 l40 -8" fill="none" stroke="#9db2d8" stroke-width="5" stroke-linecap="round" stroke-linejoin="round"/>
    <circle cx="391" cy="266" r="58" fill="#3d7bf2"/>
    <path d="M420 232 a27 27 0 0 0 -33 34 l-29 29 a11 11 0 0 0 15 15 l29 -29 a27 27 0 0 0 34 -33 l-16 16 -14 -3 -3 -14 Z" fill="#fff"/>`,
} as const

type TextStyle = { size: number; weight: number; fill: string; opacity?: number; anchor?: 'middle' }

function text(words: string, x: number, y: number, { size, weight, fill, opacity = 1, anchor }: TextStyle): string {
  const middle = anchor ? ` text-anchor="${anchor}"` : ''
  return `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${fill}" opacity="${opacity}"${middle} font-family="Noto Sans S Chinese, Noto Sans Hans, sans-serif">${words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`
}

function gradient(id: string, [from, to]: readonly [string, string], diagonal = false): string {
  return `<linearGradient id="${id}" x1="0" y1="0" x2="${diagonal ? 1 : 0}" y2="1"><stop offset="0" stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient>`
}

function star(x: number, y: number, radius: number, fill: string): string {
  const points = Array.from({ length: 10 }, (_, index) => {
    const length = index % 2 ? radius * 0.45 : radius
    const angle = (Math.PI / 5) * index - Math.PI / 2
    return `${(x + length * Math.cos(angle)).toFixed(1)},${(y + length * Math.sin(angle)).toFixed(1)}`
  })
  return `<polygon points="${points.join(' ')}" fill="${fill}" opacity=".9"/>`
}

/** Width in characters as wide as high. */
function widthOf(words: string): number {
  return Array.from(words).reduce((sum, character) => sum + (character.charCodeAt(0) < 0x2000 ? 0.56 : 1), 0)
}
