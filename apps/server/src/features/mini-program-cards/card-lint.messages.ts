export type Locale = 'zh-CN' | 'zh-TW' | 'en'
export type CardFindingId =
  | 'title-empty'
  | 'title-too-long'
  | 'path-leading-slash'
  | 'path-not-html'
  | 'path-bad-characters'
  | 'slot-unknown'
  | 'token-missing'
  | 'path-too-long'
  | 'cover-not-https'
  | 'appid-malformed'
  | 'appid-not-linked'

type Words = { cause: string; fix: string }

export const cardLintMessages: Record<Locale, Record<CardFindingId, Words>> = {
  'zh-CN': {
    'title-empty': { cause: '卡片没有标题。', fix: '填写标题，客户在聊天里先看到它。' },
    'title-too-long': { cause: '标题超过 64 字节（约 21 个汉字）。', fix: '缩短标题。' },
    'path-leading-slash': {
      cause: '页面路径以“/”开头。',
      fix: '去掉开头的“/”，例如 pages/goods/detail.html?t={token}。',
    },
    'path-not-html': {
      cause: '“?”之前的路径没有以 .html 结尾，客户点开会看到“页面不存在”。',
      fix: '在路径后、“?”之前加上 .html。',
    },
    'path-bad-characters': { cause: '路径里有空格、中文或“#”。', fix: '删除这些字符，或先做 URL 编码。' },
    'slot-unknown': { cause: '路径里有不认识的变量或多余的花括号。', fix: '只使用 {token}、{sku}、{store}。' },
    'token-missing': { cause: '“?”之后没有 {token}，成交无法记到导购名下。', fix: '在参数里加上 t={token}。' },
    'path-too-long': { cause: '填入变量后的路径超过 1024 字节。', fix: '去掉不需要的参数。' },
    'cover-not-https': { cause: '封面不是 https 地址。', fix: '上传图片，或换成 https 开头的图片地址。' },
    'appid-malformed': { cause: 'AppID 格式不对。', fix: '填写“wx”开头、共 18 位的小程序 AppID。' },
    'appid-not-linked': {
      cause: '这个小程序没有关联到企业，企业微信会拒绝发送。',
      fix: '在企业微信管理后台关联小程序，再到这里登记它的 AppID。',
    },
  },
  'zh-TW': {
    'title-empty': { cause: '卡片沒有標題。', fix: '填寫標題，客戶在聊天裡先看到它。' },
    'title-too-long': { cause: '標題超過 64 位元組（約 21 個漢字）。', fix: '縮短標題。' },
    'path-leading-slash': {
      cause: '頁面路徑以「/」開頭。',
      fix: '去掉開頭的「/」，例如 pages/goods/detail.html?t={token}。',
    },
    'path-not-html': {
      cause: '「?」之前的路徑沒有以 .html 結尾，客戶點開會看到「頁面不存在」。',
      fix: '在路徑後、「?」之前加上 .html。',
    },
    'path-bad-characters': { cause: '路徑裡有空格、中文或「#」。', fix: '刪除這些字元，或先做 URL 編碼。' },
    'slot-unknown': { cause: '路徑裡有不認識的變數或多餘的大括號。', fix: '只使用 {token}、{sku}、{store}。' },
    'token-missing': { cause: '「?」之後沒有 {token}，成交無法記到導購名下。', fix: '在參數裡加上 t={token}。' },
    'path-too-long': { cause: '填入變數後的路徑超過 1024 位元組。', fix: '去掉不需要的參數。' },
    'cover-not-https': { cause: '封面不是 https 位址。', fix: '上傳圖片，或換成 https 開頭的圖片位址。' },
    'appid-malformed': { cause: 'AppID 格式不對。', fix: '填寫「wx」開頭、共 18 位的小程式 AppID。' },
    'appid-not-linked': {
      cause: '這個小程式沒有關聯到企業，企業微信會拒絕傳送。',
      fix: '在企業微信管理後台關聯小程式，再到這裡登記它的 AppID。',
    },
  },
  en: {
    'title-empty': { cause: 'The card has no title.', fix: 'Write one: it is what the customer sees first.' },
    'title-too-long': {
      cause: 'The title takes more than 64 bytes (about 21 Chinese characters).',
      fix: 'Shorten the title.',
    },
    'path-leading-slash': {
      cause: 'The page starts with “/”.',
      fix: 'Remove it, as in pages/goods/detail.html?t={token}.',
    },
    'path-not-html': {
      cause: 'The part before “?” does not end in .html: customers would see “page not found”.',
      fix: 'Add .html after the path, before the “?”.',
    },
    'path-bad-characters': {
      cause: 'The page holds blanks, Chinese characters or “#”.',
      fix: 'Remove them, or URL-encode them first.',
    },
    'slot-unknown': {
      cause: 'The page has an unknown slot or a stray brace.',
      fix: 'Use only {token}, {sku} and {store}.',
    },
    'token-missing': {
      cause: 'There is no {token} after the “?”: sales could not be credited to the guide.',
      fix: 'Add t={token} to the parameters.',
    },
    'path-too-long': { cause: 'With its slots filled the page takes more than 1024 bytes.', fix: 'Drop parameters.' },
    'cover-not-https': {
      cause: 'The cover is not an https address.',
      fix: 'Upload a picture, or use an address that starts with https.',
    },
    'appid-malformed': {
      cause: 'The AppID has the wrong form.',
      fix: 'Enter the 18 characters of the mini program’s AppID, starting with “wx”.',
    },
    'appid-not-linked': {
      cause: 'This mini program is not linked to the corp, so WeCom refuses the card.',
      fix: 'Link it in WeCom’s admin console, then register its AppID here.',
    },
  },
}
