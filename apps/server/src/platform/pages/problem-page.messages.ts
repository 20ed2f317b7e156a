export type Locale = 'zh-CN' | 'zh-TW' | 'en'

/** What a person can run into before the panel has started. */
export type Problem =
  | 'sign-in-loop'
  | 'cookies-blocked'
  | 'not-a-member'
  | 'not-a-guide'
  | 'not-an-admin'
  | 'wecom-away'
  | 'wecom-refused'
  | 'storage'
  | 'too-many'
  | 'not-built'
  | 'not-set-up'
  | 'unknown'

type Words = { title: string; cause: string; next: string }
type Catalogue = Record<Problem, Words> & { retry: string; code: string; request: string }

/** Words of the pages that tell about a problem: cause, then next step. */
export const problemMessages: Record<Locale, Catalogue> = {
  'zh-CN': {
    retry: '重新登录',
    code: '错误代码',
    request: '请求编号',
    'sign-in-loop': {
      title: '登录没有完成',
      cause: '企业微信连续两次没有给出有效的登录凭证，已停止自动重试。',
      next: '请点「重新登录」；若仍不行，请关闭本页，从聊天工具栏重新打开。',
    },
    'cookies-blocked': {
      title: '登录没有完成',
      cause: '这次登录不是在本窗口开始的，或者本窗口不允许保存 Cookie。',
      next: '请从聊天工具栏重新打开；若仍不行，请更新企业微信到最新版本。',
    },
    'not-a-member': {
      title: '仅限企业成员使用',
      cause: '当前登录的不是本企业的成员。',
      next: '请切换到本企业的企业微信账号后重新打开。',
    },
    'not-a-guide': {
      title: '还不能使用导购侧边栏',
      cause: '你的账号没有开通「客户联系」，或不在本应用的可见范围内。',
      next: '请联系企业微信管理员：在「客户联系 → 权限配置 → 使用范围」和应用的「可见范围」中加入你，然后重新登录。',
    },
    'not-an-admin': {
      title: '没有管理后台的权限',
      cause: '你的账号不在管理员名单中，或已停用。',
      next: '请联系负责部署的同事，把你的账号加入管理员名单。',
    },
    'wecom-away': {
      title: '企业微信暂时没有响应',
      cause: '登录需要企业微信确认身份，但它现在没有响应或过于繁忙。',
      next: '请等一分钟后点「重新登录」。',
    },
    'wecom-refused': {
      title: '企业微信拒绝了登录',
      cause: '应用的配置可能不正确：密钥、可信域名、可信 IP 或接口权限。',
      next: '请把下面的错误代码告诉管理员；管理员可运行 npm run doctor 查看原因。',
    },
    storage: {
      title: '服务暂时不可用',
      cause: '数据库没有响应，你的数据没有丢失。',
      next: '请稍后重试；若持续出现，请把下面的编号告诉管理员。',
    },
    'too-many': {
      title: '操作太频繁',
      cause: '同一网络在一分钟内的登录次数过多。',
      next: '请等一分钟后再试。',
    },
    'not-built': {
      title: '页面还没有构建',
      cause: '服务已启动，但前端页面的文件不存在。',
      next: '请管理员运行 npm start，它会先构建页面。',
    },
    'not-set-up': {
      title: '还没有连接企业微信',
      cause: '这台服务器还没有填写企业 ID、应用和密钥。',
      next: '请管理员打开 /admin/ ，按向导完成设置。',
    },
    unknown: {
      title: '出了点问题',
      cause: '服务遇到了意外的错误。',
      next: '请重试；若仍出现，请把下面的编号告诉管理员。',
    },
  },
  'zh-TW': {
    retry: '重新登入',
    code: '錯誤代碼',
    request: '請求編號',
    'sign-in-loop': {
      title: '登入沒有完成',
      cause: '企業微信連續兩次沒有給出有效的登入憑證，已停止自動重試。',
      next: '請點「重新登入」；若仍不行，請關閉本頁，從聊天工具列重新開啟。',
    },
    'cookies-blocked': {
      title: '登入沒有完成',
      cause: '這次登入不是在本視窗開始的，或者本視窗不允許儲存 Cookie。',
      next: '請從聊天工具列重新開啟；若仍不行，請更新企業微信到最新版本。',
    },
    'not-a-member': {
      title: '僅限企業成員使用',
      cause: '目前登入的不是本企業的成員。',
      next: '請切換到本企業的企業微信帳號後重新開啟。',
    },
    'not-a-guide': {
      title: '還不能使用導購側邊欄',
      cause: '你的帳號沒有開通「客戶聯繫」，或不在本應用的可見範圍內。',
      next: '請聯絡企業微信管理員：在「客戶聯繫 → 權限配置 → 使用範圍」和應用的「可見範圍」中加入你，然後重新登入。',
    },
    'not-an-admin': {
      title: '沒有管理後台的權限',
      cause: '你的帳號不在管理員名單中，或已停用。',
      next: '請聯絡負責部署的同事，把你的帳號加入管理員名單。',
    },
    'wecom-away': {
      title: '企業微信暫時沒有回應',
      cause: '登入需要企業微信確認身分，但它現在沒有回應或過於繁忙。',
      next: '請等一分鐘後點「重新登入」。',
    },
    'wecom-refused': {
      title: '企業微信拒絕了登入',
      cause: '應用的設定可能不正確：密鑰、可信網域、可信 IP 或介面權限。',
      next: '請把下面的錯誤代碼告訴管理員；管理員可執行 npm run doctor 查看原因。',
    },
    storage: {
      title: '服務暫時無法使用',
      cause: '資料庫沒有回應，你的資料沒有遺失。',
      next: '請稍後重試；若持續出現，請把下面的編號告訴管理員。',
    },
    'too-many': {
      title: '操作太頻繁',
      cause: '同一網路在一分鐘內的登入次數過多。',
      next: '請等一分鐘後再試。',
    },
    'not-built': {
      title: '頁面還沒有建置',
      cause: '服務已啟動，但前端頁面的檔案不存在。',
      next: '請管理員執行 npm start，它會先建置頁面。',
    },
    'not-set-up': {
      title: '還沒有連接企業微信',
      cause: '這台伺服器還沒有填寫企業 ID、應用和密鑰。',
      next: '請管理員開啟 /admin/ ，按精靈完成設定。',
    },
    unknown: {
      title: '出了點問題',
      cause: '服務遇到了意外的錯誤。',
      next: '請重試；若仍出現，請把下面的編號告訴管理員。',
    },
  },
  en: {
    retry: 'Sign in again',
    code: 'Code',
    request: 'Request',
    'sign-in-loop': {
      title: 'Sign-in did not finish',
      cause: 'WeCom gave no valid proof twice in a row, so we stopped trying by ourselves.',
      next: 'Choose «Sign in again»; if that fails, close this page and open it again from the chat toolbar.',
    },
    'cookies-blocked': {
      title: 'Sign-in did not finish',
      cause: 'This sign-in did not begin in this window, or this window keeps no cookies.',
      next: 'Open the panel again from the chat toolbar; if that fails, update WeCom.',
    },
    'not-a-member': {
      title: 'For members of this corp only',
      cause: 'The account you are signed in with does not belong to this corp.',
      next: 'Switch to your WeCom account of this corp and open the panel again.',
    },
    'not-a-guide': {
      title: 'You cannot use the panel yet',
      cause: 'Your account has no customer contact (客户联系), or it is outside the visible range of this app.',
      next: 'Ask your WeCom admin to add you to the range of use of customer contact and to the visible range of the app, then sign in again.',
    },
    'not-an-admin': {
      title: 'No access to the admin panel',
      cause: 'Your account is not on the list of admins, or it is disabled.',
      next: 'Ask whoever runs this server to add your account to the list of admins.',
    },
    'wecom-away': {
      title: 'WeCom does not answer',
      cause: 'WeCom has to confirm who you are, but it does not answer or is too busy.',
      next: 'Wait a minute, then choose «Sign in again».',
    },
    'wecom-refused': {
      title: 'WeCom refused the sign-in',
      cause: 'The set-up of the app may be wrong: secret, trusted domain, trusted IP or rights.',
      next: 'Give the code below to your admin, who can run npm run doctor to see the cause.',
    },
    storage: {
      title: 'The service is not available',
      cause: 'The database does not answer. Nothing of yours is lost.',
      next: 'Try again later; if it goes on, give the number below to your admin.',
    },
    'too-many': {
      title: 'Too many tries',
      cause: 'Too many sign-ins came from your network within a minute.',
      next: 'Wait a minute and try again.',
    },
    'not-built': {
      title: 'The page is not built yet',
      cause: 'The server runs, but the files of the page are missing.',
      next: 'Ask whoever runs this server to start it with npm start, which builds the page first.',
    },
    'not-set-up': {
      title: 'WeCom is not connected yet',
      cause: 'This server has been given no corp id, app and secret.',
      next: 'Ask your admin to open /admin/ and follow the set-up.',
    },
    unknown: {
      title: 'Something went wrong',
      cause: 'The server met an unexpected failure.',
      next: 'Try again; if it goes on, give the number below to your admin.',
    },
  },
}
