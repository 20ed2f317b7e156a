import type { ContentFinding, WordLocale } from '@guidebar/contracts'

export type FaultId =
  | 'title-empty'
  | 'title-too-long'
  | 'text-too-long'
  | 'text-empty'
  | 'description-too-long'
  | 'unknown-variable'
  | 'missing-fallback'
  | 'broken-braces'
  | 'broken-blank'
  | 'address-bad'
  | 'address-not-https'
  | 'picture-missing'
  | 'file-missing'
  | 'card-missing'
  | 'card-not-published'
  | 'shortcut-taken'
  | 'paragraph-twice'
/** `values` fill the words: bytes found and allowed, or what stands there. */
export type Fault = { id: FaultId; at: string; values?: (string | number)[] }

type Words = [cause: string, fix: string]
const words: Record<WordLocale, Record<FaultId, Words>> = {
  'zh-CN': {
    'title-empty': ['没有标题。', '填写标题，导购靠它查找。'],
    'title-too-long': ['标题有 {0} 字节，最多 {1} 字节。', '缩短标题。'],
    'text-too-long': ['正文有 {0} 字节，微信一条消息最多 {1} 字节。', '缩短正文，或拆成两条。'],
    'text-empty': ['这一条没有文字。', '填写内容，或删除这一条。'],
    'description-too-long': ['描述有 {0} 字节，最多 {1} 字节。', '缩短描述。'],
    'unknown-variable': ['不认识变量 {0}。', '从“插入变量”里选择。'],
    'missing-fallback': [
      '变量 {0} 没有备用词，客户资料为空时会留下空白。',
      '写成 {{变量|备用词}}，例如 {{customer.name|亲}}。',
    ],
    'broken-braces': ['花括号没有成对。', '变量要写在 {{ 和 }} 之间。'],
    'broken-blank': ['填空没有写完整。', '填空要写成 [[名称]]，名称不超过 20 个字。'],
    'address-bad': ['这不是网页地址。', '填写以 https:// 开头的地址。'],
    'address-not-https': ['需要 https 地址，且不能带用户名密码。', '填写以 https:// 开头的地址。'],
    'picture-missing': ['图片已不存在。', '重新上传图片。'],
    'file-missing': ['文件已不存在。', '重新上传文件。'],
    'card-missing': ['卡片已不存在。', '换一张卡片。'],
    'card-not-published': ['卡片还没有发布或已下架，发送会失败。', '先发布那张卡片，或换一张。'],
    'shortcut-taken': ['快捷码“{0}”已被另一条回复使用。', '换一个快捷码。'],
    'paragraph-twice': ['两个段落的编号相同。', '删除其中一个段落。'],
  },
  'zh-TW': {
    'title-empty': ['沒有標題。', '填寫標題，導購靠它查找。'],
    'title-too-long': ['標題有 {0} 位元組，最多 {1} 位元組。', '縮短標題。'],
    'text-too-long': ['正文有 {0} 位元組，微信一則訊息最多 {1} 位元組。', '縮短正文，或拆成兩則。'],
    'text-empty': ['這一則沒有文字。', '填寫內容，或刪除這一則。'],
    'description-too-long': ['描述有 {0} 位元組，最多 {1} 位元組。', '縮短描述。'],
    'unknown-variable': ['不認識變數 {0}。', '從「插入變數」裡選擇。'],
    'missing-fallback': [
      '變數 {0} 沒有備用詞，客戶資料為空時會留下空白。',
      '寫成 {{變數|備用詞}}，例如 {{customer.name|親}}。',
    ],
    'broken-braces': ['大括號沒有成對。', '變數要寫在 {{ 和 }} 之間。'],
    'broken-blank': ['填空沒有寫完整。', '填空要寫成 [[名稱]]，名稱不超過 20 個字。'],
    'address-bad': ['這不是網頁位址。', '填寫以 https:// 開頭的位址。'],
    'address-not-https': ['需要 https 位址，且不能帶使用者名稱密碼。', '填寫以 https:// 開頭的位址。'],
    'picture-missing': ['圖片已不存在。', '重新上傳圖片。'],
    'file-missing': ['檔案已不存在。', '重新上傳檔案。'],
    'card-missing': ['卡片已不存在。', '換一張卡片。'],
    'card-not-published': ['卡片還沒有發布或已下架，傳送會失敗。', '先發布那張卡片，或換一張。'],
    'shortcut-taken': ['快捷碼「{0}」已被另一則回覆使用。', '換一個快捷碼。'],
    'paragraph-twice': ['兩個段落的編號相同。', '刪除其中一個段落。'],
  },
  en: {
    'title-empty': ['There is no title.', 'Write one: guides find it by its title.'],
    'title-too-long': ['The title takes {0} bytes of {1}.', 'Shorten the title.'],
    'text-too-long': ['The text takes {0} bytes; one WeChat message holds {1}.', 'Shorten it, or split it in two.'],
    'text-empty': ['This message has no words.', 'Write some, or remove the message.'],
    'description-too-long': ['The description takes {0} bytes of {1}.', 'Shorten the description.'],
    'unknown-variable': ['There is no variable {0}.', 'Choose one from “Insert variable”.'],
    'missing-fallback': [
      'The variable {0} has no fallback, so customers without that field would get a gap.',
      'Write {{variable|fallback}}, as in {{customer.name|there}}.',
    ],
    'broken-braces': ['The braces do not match.', 'Put variables between {{ and }}.'],
    'broken-blank': ['A blank is not complete.', 'Write blanks as [[name]], with at most 20 characters.'],
    'address-bad': ['This is no web address.', 'Enter an address that starts with https://.'],
    'address-not-https': [
      'An https address without a sign-in is needed.',
      'Enter an address that starts with https://.',
    ],
    'picture-missing': ['The picture is gone.', 'Upload it again.'],
    'file-missing': ['The file is gone.', 'Upload it again.'],
    'card-missing': ['The card is gone.', 'Choose another card.'],
    'card-not-published': ['The card is not published, so sending fails.', 'Publish that card, or choose another.'],
    'shortcut-taken': ['The shortcut “{0}” belongs to another reply.', 'Choose another shortcut.'],
    'paragraph-twice': ['Two paragraphs share a number.', 'Remove one of them.'],
  },
}

/** A fault in the reader's words. */
export function toFinding({ id, at, values = [] }: Fault, locale: WordLocale): ContentFinding {
  const [cause, fix] = words[locale][id]
  return { id, at, cause: cause.replace(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)] ?? '')), fix }
}
