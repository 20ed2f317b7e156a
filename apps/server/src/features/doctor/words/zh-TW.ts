import type { DoctorWords } from './doctor.words.ts'

export const zhTW: DoctorWords = {
  common: {
    broken: { cause: '檢查本身出錯（{reason}）', fix: '請把這份報告發給技術支援。' },
    'no-corp': { cause: '還沒有填寫企業 ID、AgentId 和 Secret，無法檢查' },
    'no-token': { cause: '沒有 access_token，無法檢查' },
    'no-database': { cause: '讀不到資料庫，無法檢查；請在管理後台檢視' },
    'no-callback': { cause: '還沒有設定回呼，無法檢查' },
    away: {
      cause: '企業微信沒有給出可用的回答（{reason}，{path}）',
      fix: '檢查這臺伺服器的網路和代理；WECOM_API_URL 應保持預設值。',
    },
    busy: { cause: '企業微信暫時限制了呼叫（{errcode}，{path}）', fix: '等待一分鐘到一小時，限制會自動解除。' },
    refused: {
      cause: '企業微信拒絕了呼叫（{errcode}，{path}）',
      fix: '開啟連結，查詢錯誤碼 {errcode} 的含義。',
    },
  },
  settings: {
    title: '伺服器配置',
    ok: { cause: '全部齊備' },
    wrong: {
      cause: '缺少或不正確的環境變數：{names}',
      fix: '按 docs/architecture.md 的「Configuration」補全後重新啟動。',
    },
    'not-https': { cause: 'PUBLIC_URL 不是 https', fix: '正式使用必須是 https，企業微信才會開啟頁面。' },
    'no-proxy': {
      cause: '沒有設定 TRUST_PROXY，所有人會被當作來自同一個地址，共用一份請求限額',
      fix: '把反向代理的地址（或網段）寫入 TRUST_PROXY。',
    },
    'no-key': {
      cause: '沒有資料金鑰，後台裡填寫的金鑰無法加密儲存',
      fix: '設定 DATA_KEYS（32 位元組的 base64），或用 DATA_KEYS_FILE 指定一個權限為 600 的檔案。',
    },
  },
  mongodb: {
    title: '資料庫',
    ok: { cause: '可以連接（{kind}）' },
    away: { cause: '{reason}', fix: '按上面的提示處理後重新檢查。' },
    'in-use': { cause: '內嵌引擎正被執行中的服務使用' },
  },
  'public-url': {
    title: '公網地址',
    ok: { cause: '{url} 能從外面開啟，並且到達的是這臺伺服器' },
    unreachable: {
      cause: '{url} 打不開（{reason}）',
      fix: '檢查網域解析、防火牆和反向代理；服務要先啟動。',
    },
    'other-answer': {
      cause: '{url} 回答的不是本服務（狀態 {status}，{contentType}）',
      fix: '讓反向代理把所有路徑原樣轉發到本服務；不要讓靜態站點或單頁應用接住它們。',
    },
    redirected: {
      cause: '{url} 被重定向到 {to}',
      fix: '把 PUBLIC_URL 改成最終地址，或去掉重定向（例如 www 與裸網域）。',
    },
    'other-host': {
      cause: '伺服器看到的主機名是 {seen}，而 PUBLIC_URL 是 {expected}',
      fix: '讓代理原樣傳遞 Host（例如 nginx 的 proxy_set_header Host $host），不要附加埠。',
    },
    'other-scheme': {
      cause: '代理之後，伺服器以為頁面是 {seen} 開啟的',
      fix: '讓代理設定 X-Forwarded-Proto，並把代理的地址寫入 TRUST_PROXY。',
    },
  },
  tls: {
    title: 'HTTPS 證書',
    ok: { cause: '證書有效，還有 {days} 天到期（{protocol}）' },
    'plain-http': { cause: 'PUBLIC_URL 是本機的 http，只適合試用' },
    handshake: { cause: 'TLS 握手失敗（{reason}）', fix: '檢查埠上是否真的是 https，以及證書和中間證書是否完整。' },
    untrusted: { cause: '證書不被信任（{reason}）', fix: '安裝完整的證書鏈；自簽章證書在企業微信裡打不開。' },
    expired: { cause: '證書已經過期', fix: '更新證書，並讓它自動續期。' },
    'expires-soon': { cause: '證書還有 {days} 天到期', fix: '現在就更新證書，並讓它自動續期。' },
  },
  clock: {
    title: '時鐘',
    ok: { cause: '與企業微信相差 {seconds} 秒' },
    off: { cause: '本機時鐘與企業微信相差 {seconds} 秒，簽章和回呼會被拒絕', fix: '開啟時間同步（NTP）。' },
    unknown: { cause: '企業微信沒有給出時間' },
  },
  'corp-settings': {
    title: '企業與應用',
    ok: { cause: '企業 ID、AgentId 和 Secret 已填寫' },
    missing: { cause: '還沒有填寫：{names}', fix: '在嚮導的「企業與應用」一步填寫。' },
    unreadable: {
      cause: '儲存的金鑰是用另一把資料金鑰加密的，現在讀不出來',
      fix: '把原來的金鑰加進 DATA_KEYS（放在新金鑰之後），或重新填寫一遍。',
    },
  },
  gettoken: {
    title: '金鑰',
    ok: { cause: '企業 ID 與 Secret 有效' },
    'wrong-secret': {
      cause: 'Secret 不正確或已被重置（{errcode}）',
      fix: '在應用管理 → 本應用中檢視 Secret，重新填寫。連續多次錯誤會讓 IP 被封一小時，所以這裡只試一次。',
    },
    'wrong-corp': { cause: '企業 ID 不正確（{errcode}）', fix: '在我的企業 → 企業資訊的最下方檢視企業 ID。' },
    'other-corp': {
      cause: 'Secret 屬於另一個企業（{errcode}）',
      fix: '企業 ID 與 Secret 要來自同一個企業，逐一核對後重新填寫。',
    },
    stopped: {
      cause: '同一個 Secret 已被拒絕多次（{errcode}），已停止嘗試，以免 IP 被封',
      fix: '換上正確的 Secret，儲存後會立即再試。',
    },
  },
  agent: {
    title: '應用',
    ok: { cause: '應用「{name}」已啟用' },
    'other-app': {
      cause: 'AgentId 與 Secret 不是同一個應用的（{errcode}）',
      fix: '在應用管理中開啟本應用，同時核對 AgentId 和 Secret。',
    },
    disabled: { cause: '應用已停用', fix: '在應用管理 → 本應用中啟用它。' },
  },
  token: {
    title: 'access_token 的更新',
    ok: { cause: '一切正常；已用 {minutes} 分鐘，還有 {left} 分鐘，共更新 {refreshes} 次（由 {holder}）' },
    'not-yet': { cause: '還沒有取過 access_token' },
    rejected: {
      cause: '剛取得的 access_token 也被拒絕（{errcode}）',
      fix: '檢查出口是否有會改寫請求的代理，Secret 是否屬於本應用；然後重新檢查。',
    },
    'often-rejected': {
      cause: '一小時內有 {count} 次 access_token 失效（{errcode}），已自動換新',
      fix: '檢查是否有別的程式在用同一個 Secret 並不斷重新整理；給它另建一個應用。',
    },
  },
  'callback-settings': {
    title: '回呼設定',
    ok: { cause: 'Token 和 EncodingAESKey 已設定' },
    missing: {
      cause: '還沒有設定回呼，客戶變化不能及時到達',
      fix: '在嚮導的「接收事件」一步生成 Token 和 EncodingAESKey。',
    },
    'half-set': {
      cause: 'Token 和 EncodingAESKey 只設置了一個',
      fix: '兩個要一起設定；EncodingAESKey 是 43 位字母和數字。',
    },
  },
  'callback-loop': {
    title: '回呼自檢',
    ok: { cause: '自己的公網地址能驗證並解密回呼（{ms} 毫秒）' },
    'not-running': { cause: '服務沒有執行，或 PUBLIC_URL 從本機打不開' },
    status: {
      cause: '回呼地址回答 {status}，企業微信會顯示「openapi回呼地址請求不通過」',
      fix: '檢查代理是否把 /wecom/callback/ 原樣轉發，防火牆是否放行，執行中的服務是否用同一組 Token 和 EncodingAESKey。',
    },
    wrapped: {
      cause: '回呼地址的回答不是原文（多了引號、換行或別的內容）',
      fix: '讓代理原樣返回：不要改寫成 JSON、不要加頁面、不要壓縮或注入內容。',
    },
    slow: { cause: '回呼地址用了 {ms} 毫秒才回答', fix: '企業微信最多等 5 秒；檢查代理和伺服器的負載。' },
  },
  'callback-arrival': {
    title: '真實的回呼',
    ok: { cause: '最近一次在 {at} 到達' },
    none: {
      cause: '還沒有收到過企業微信的回呼',
      fix: '在應用 → 接收訊息 → 設定 API 接收中貼上 URL、Token、EncodingAESKey 並儲存。',
    },
    'verified-only': {
      cause: '地址已在 {at} 驗證，但還沒有事件到達',
      fix: '在客戶聯繫 → API 中勾選本應用接收事件；隨便改一個客戶的備註試試。',
    },
    'bad-signature': {
      cause: '最近一次請求的簽章不對：兩邊的 Token 不一致',
      fix: '把這裡的 Token 原樣貼上到企業微信後台，再儲存一次。',
    },
    'bad-key': {
      cause: '最近一次請求解不開：兩邊的 EncodingAESKey 不一致',
      fix: '把這裡的 EncodingAESKey 原樣貼上到企業微信後台，再儲存一次。',
    },
    'other-receiver': {
      cause: '最近一次請求是發給另一個企業的',
      fix: '核對回呼 URL 末尾的企業 ID，以及後台登入的是不是同一個企業。',
    },
    'bad-time': { cause: '最近一次請求的時間與本機相差太多', fix: '開啟時間同步（NTP），再在企業微信後台儲存一次。' },
    late: { cause: '最早一條事件已等待 {seconds} 秒', fix: '在「同步」頁檢視積壓；檢查伺服器和資料庫的負載。' },
    dead: { cause: '有 {count} 條事件多次處理失敗', fix: '在「同步」頁的回呼收件箱裡檢視原因並重試。' },
  },
  'verify-file': {
    title: '網域歸屬檔案',
    ok: { cause: '{name} 能從公網讀到，內容一致' },
    missing: {
      cause: '還沒有設定網域歸屬檔案',
      fix: '在應用 → 網頁授權及 JS-SDK 中下載 WW_verify 檔案，把檔名和內容填到嚮導裡，由本服務提供。',
    },
    'not-found': {
      cause: '{name} 在公網地址上回答 {status}',
      fix: '讓代理把根目錄下的 /WW_verify_*.txt 也轉發到本服務。',
    },
    'other-content': {
      cause: '{name} 的內容不一致（{contentType}，{bytes} 位元組）',
      fix: '網站根目錄下有別的內容接住了它（例如單頁應用的首頁）；讓代理把這個路徑轉發到本服務。',
    },
    redirected: { cause: '{name} 被重定向到 {to}', fix: '企業微信不跟隨重定向；讓這個路徑直接回答。' },
  },
  'domain-owner': {
    title: '網域主體',
    ok: { cause: '已確認：網域已備案、主體與企業一致，企業已認證' },
    'not-said': {
      cause: '企業微信要求網域備案主體與企業一致，介面讀不到，需要你確認',
      fix: '在嚮導的「可信網域」一步回答兩個問題。',
    },
    provider: {
      cause: '{host} 是第三方服務商或內網穿透的網域，企業微信會提示「該網域主體為第三方服務商」',
      fix: '換成本企業備案的網域，例如 guide.你的網域.cn。',
    },
    'not-own': {
      cause: '網域的備案主體不是本企業，企業微信會提示「網域主體校驗未通過」',
      fix: '換成本企業或關聯企業備案的網域；備案變更後要等 2 到 3 天。',
    },
    'not-verified': { cause: '企業還沒有認證', fix: '在我的企業 → 企業資訊中完成認證，否則可信網域不能用於 JS-SDK。' },
    local: { cause: '本機地址，不需要備案' },
  },
  'trusted-domain': {
    title: '可信網域',
    ok: { cause: '可信網域是 {trusted}' },
    none: {
      cause: '沒有設定可信網域，登入會提示「redirect_uri 需使用應用可信網域」（50001）',
      fix: '在應用 → 網頁授權及 JS-SDK 中把 {host} 設為可信網域。',
    },
    differs: {
      cause: '可信網域是 {trusted}，而 PUBLIC_URL 是 {host}，登入會提示 50001',
      fix: '兩者（包括埠和 www）必須完全一致，修改其中之一。後台若還有別的可信網域，確認其中有 {host}。',
    },
  },
  'trusted-ip': {
    title: '企業可信 IP',
    ok: { cause: '這臺伺服器的出口 IP 可以呼叫介面' },
    'not-allowed': {
      cause: '出口 IP {ip} 不在企業可信 IP 中（60020）',
      fix: '在應用管理 → 本應用 → 企業可信 IP 中加入 {ip}，約一分鐘後生效。輸入框是灰色的，說明要先完成可信網域或接收訊息的設定。',
    },
  },
  'sign-in-codes': {
    title: '登入',
    ok: { cause: '最近一小時沒有失效的登入憑證' },
    spent: {
      cause: '最近一小時有 {count} 次登入憑證無效（40029）：憑證用過、過期，或頁面帶著 ?code= 被重新整理',
      fix: '請從聊天工具列重新開啟側邊欄；若持續出現，檢查代理是否快取或重放了 /sidebar/auth/callback。',
    },
  },
  'customer-contact': {
    title: '客戶聯繫',
    ok: { cause: '{count} 位成員可以服務客戶' },
    'not-callable': {
      cause: '應用沒有呼叫「客戶聯繫」介面的權限（48002）',
      fix: '在客戶與上下游 → 客戶聯繫 → API → 可呼叫介面的應用中勾選本應用。',
    },
    nobody: {
      cause: '可以呼叫，但沒有任何成員開通客戶聯繫',
      fix: '在客戶聯繫 → 權限配置 → 使用範圍中加入導購，並把他們加入應用的可見範圍。',
    },
    'not-you': {
      cause: '{count} 位成員可以服務客戶，但不包括你自己，你開啟側邊欄會被拒絕',
      fix: '如果你也要服務客戶，請在客戶聯繫 → 權限配置 → 使用範圍中加入自己。',
    },
  },
  'visible-range': {
    title: '可見範圍',
    ok: { cause: '可見範圍內有 {members} 位成員，其中 {guides} 位可以服務客戶' },
    nobody: {
      cause: '應用的可見範圍裡沒有成員，同步會「成功」但什麼也沒有',
      fix: '在應用管理 → 本應用 → 可見範圍中加入導購所在的部門。',
    },
    outside: {
      cause: '{count} 位有客戶聯繫的成員不在可見範圍內，他們的客戶讀不到',
      fix: '在應用管理 → 本應用 → 可見範圍中加入他們的部門。',
    },
    denied: {
      cause: '讀取通訊錄被拒絕（{errcode}）：成員或部門不在可見範圍內，或已被刪除',
      fix: '在應用管理 → 本應用 → 可見範圍中加入導購所在的部門，不要只選下級部門中的個別人。',
    },
  },
  'member-fields': {
    title: '成員資料',
    ok: { cause: '實際能讀到：{fields}' },
    reduced: { cause: '實際能讀到：{fields}。手機號、郵箱和頭像對新應用不再提供，本產品不需要它們' },
    'contact-secret': {
      cause: '通訊錄介面拒絕了這臺伺服器（48009）：用的是「通訊錄同步」的 Secret，或 IP 不被允許',
      fix: '只填寫本應用自己的 Secret，不要填寫「通訊錄同步」的 Secret。',
    },
    nobody: { cause: '可見範圍裡沒有可以讀取的成員' },
  },
  'ticket-corp': {
    title: 'JS-SDK 企業票據',
    ok: { cause: '可以取得' },
  },
  'ticket-agent': {
    title: 'JS-SDK 應用票據',
    ok: { cause: '可以取得' },
  },
  'mini-program': {
    title: '小程式卡片',
    ok: { cause: '{count} 張已釋出的卡片沒有問題' },
    none: { cause: '還沒有已釋出的卡片' },
    'not-linked': {
      cause: '小程式 {appId} 沒有關聯到企業（90206），卡片會發送失敗',
      fix: '在應用管理 → 小程式中關聯它，然後在嚮導裡再發一次測試。',
    },
    refused: { cause: '測試卡片傳送失敗（{errcode}）', fix: '開啟連結查詢錯誤碼，修正後在嚮導裡再發一次測試。' },
    faulty: {
      cause: '卡片「{title}」：{problem}',
      fix: '在「小程式卡片」裡修改它，否則客戶會看到「頁面不存在」。',
    },
  },
  'first-sync': {
    title: '同步',
    ok: { cause: '已同步 {relations} 條客戶關係，完成於 {at}' },
    never: { cause: '還沒有同步過', fix: '在嚮導或「同步」頁點「開始同步」。' },
    running: { cause: '正在同步：{done} / {total}' },
    stuck: {
      cause: '同步已有 {minutes} 分鐘沒有進展',
      fix: '在「同步」頁檢視介面限額；若沒有限制，重啟服務會從斷點繼續。',
    },
    failed: { cause: '同步沒有完成：{reason}', fix: '先處理其他檢查項中的問題，再點「開始同步」，會從斷點繼續。' },
    empty: {
      cause: '同步完成了，但一條客戶關係也沒有',
      fix: '檢查「客戶聯繫」和「可見範圍」兩項：導購要同時在兩邊的範圍裡。',
    },
  },
  'api-limits': {
    title: '介面限額',
    ok: { cause: '最近一小時沒有被限制' },
    hit: {
      cause: '最近一小時有 {count} 次呼叫被限制（{errcode}），已自動放慢',
      fix: '不需要處理；若經常出現，檢查是否有別的程式在用同一個企業的介面。',
    },
    closed: {
      cause: '{paths} 正被限制（45009），到 {until} 恢復',
      fix: '同步會自動等待並從斷點繼續；不要重複點選。檢查是否有別的程式在用同一個企業的介面。',
    },
  },
  welcome: {
    title: '歡迎語',
    ok: { cause: '最近一天 {sent} 條歡迎語，沒有失敗' },
    none: { cause: '最近一天沒有新客戶' },
    'no-code': {
      cause: '最近 {count} 位新客戶的事件裡沒有歡迎語憑證：企業微信後台已為這些成員設定了歡迎語',
      fix: '在客戶聯繫 → 加客戶 → 歡迎語中刪除後台的設定，由本產品傳送。',
    },
    'other-app': {
      cause: '{count} 條歡迎語沒有發出（{errcode}）：別的應用先發了，或客戶已開始聊天',
      fix: '在客戶聯繫 → API 中檢查是否還有別的應用在發歡迎語，只保留一個。',
    },
    late: {
      cause: '{count} 條歡迎語超過了 20 秒（{errcode}）',
      fix: '檢查伺服器到企業微信的網路和伺服器的負載；回呼要在幾秒內到達。',
    },
  },
  'relations-refused': {
    title: '客戶關係',
    ok: { cause: '最近一小時沒有被拒絕的客戶操作' },
    lost: {
      cause: '{count} 次操作被拒絕（84061）：客戶已不在這位導購名下',
      fix: '名單會隨回呼和同步自動更新；若持續出現，在「同步」頁執行一次同步。',
    },
    'other-form': {
      cause: '{count} 次操作被拒絕（{errcode}）：客戶編號屬於另一個企業或服務商',
      fix: '從 CRM 匯入的編號要是本企業自建應用看到的 external_userid，不要用服務商的。',
    },
  },
  'union-id': {
    title: '客戶的 unionid',
    ok: { cause: '抽查 {sampled} 位微信客戶，{share}% 有 unionid' },
    none: {
      cause: '抽查 {sampled} 位微信客戶，沒有一位有 unionid，小程式訂單無法自動匹配',
      fix: '在企業微信後台繫結微信開放平臺賬號；或改用手機號、訂單號匹配。',
    },
    'not-yet': { cause: '還沒有微信客戶可以抽查' },
  },
  'chat-toolbar': {
    title: '聊天工具列',
    ok: { cause: '{at} 從聊天工具列開啟過' },
    never: {
      cause: '還沒有人在聊天裡開啟過側邊欄',
      fix: '在應用 → 配置到聊天工具列中新增頁面 URL，重啟企業微信，然後開啟一個客戶的聊天。',
    },
    outside: {
      cause: '最近一次是從「{entry}」開啟的，不是聊天工具列，讀不到客戶（without context of external contact）',
      fix: '從與客戶的聊天視窗右側開啟；若那裡沒有，在應用 → 配置到聊天工具列中新增頁面 URL 並重啟企業微信。',
    },
  },
  'js-signature': {
    title: 'JS-SDK 簽章',
    ok: { cause: '最近一次開啟，簽章被接受' },
    'not-yet': { cause: '還沒有人在企業微信裡開啟過側邊欄' },
    'other-url': {
      cause:
        '簽章被拒絕（40093）：瀏覽器的地址與簽章的地址從第 {at} 個字元開始不同：瀏覽器「{seen}」，簽章「{signed}」',
      fix: '讓兩者一致：檢查代理改寫的主機、埠（如 :443）、http/https 和 # 之後的部分。',
    },
    rejected: {
      cause: '簽章被拒絕（40093），而地址一致',
      fix: '檢查時鐘、AgentId 是否屬於本應用，以及可信網域；然後重新開啟側邊欄。',
    },
  },
  'js-sdk': {
    title: '客戶端與 SDK',
    ok: { cause: 'SDK {sdk}，企業微信 {client}（{platform}）' },
    'not-yet': { cause: '還沒有人在企業微信裡開啟過側邊欄' },
    'too-old': {
      cause: '最近開啟側邊欄的企業微信是 {client}（{platform}），至少需要 {needed}',
      fix: '更新企業微信後重新開啟。',
    },
    'no-function': {
      cause: '客戶端沒有需要的介面（{message}）',
      fix: '更新企業微信；頁面請使用本產品自帶的 SDK {sdk}，不要另外引入舊指令碼。',
    },
  },
}
