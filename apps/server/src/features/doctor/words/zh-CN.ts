/** What the checks say. `{name}` stands for a value of the finding. The first language; the others have the same keys. */
export const zhCN = {
  common: {
    broken: { cause: '检查本身出错（{reason}）', fix: '请把这份报告发给技术支持。' },
    'no-corp': { cause: '还没有填写企业 ID、AgentId 和 Secret，无法检查' },
    'no-token': { cause: '没有 access_token，无法检查' },
    'no-database': { cause: '读不到数据库，无法检查；请在管理后台查看' },
    'no-callback': { cause: '还没有设置回调，无法检查' },
    away: {
      cause: '企业微信没有给出可用的回答（{reason}，{path}）',
      fix: '检查这台服务器的网络和代理；WECOM_API_URL 应保持默认值。',
    },
    busy: { cause: '企业微信暂时限制了调用（{errcode}，{path}）', fix: '等待一分钟到一小时，限制会自动解除。' },
    refused: {
      cause: '企业微信拒绝了调用（{errcode}，{path}）',
      fix: '打开链接，查询错误码 {errcode} 的含义。',
    },
  },
  settings: {
    title: '服务器配置',
    ok: { cause: '全部齐备' },
    wrong: {
      cause: '缺少或不正确的环境变量：{names}',
      fix: '按 docs/architecture.md 的「Configuration」补全后重新启动。',
    },
    'not-https': { cause: 'PUBLIC_URL 不是 https', fix: '正式使用必须是 https，企业微信才会打开页面。' },
    'no-proxy': {
      cause: '没有设置 TRUST_PROXY，所有人会被当作来自同一个地址，共用一份请求限额',
      fix: '把反向代理的地址（或网段）写入 TRUST_PROXY。',
    },
    'no-key': {
      cause: '没有数据密钥，后台里填写的密钥无法加密保存',
      fix: '设置 DATA_KEYS（32 字节的 base64），或用 DATA_KEYS_FILE 指定一个权限为 600 的文件。',
    },
  },
  mongodb: {
    title: '数据库',
    ok: { cause: '可以连接（{kind}）' },
    away: { cause: '{reason}', fix: '按上面的提示处理后重新检查。' },
    'in-use': { cause: '内嵌引擎正被运行中的服务使用' },
  },
  'public-url': {
    title: '公网地址',
    ok: { cause: '{url} 能从外面打开，并且到达的是这台服务器' },
    unreachable: {
      cause: '{url} 打不开（{reason}）',
      fix: '检查域名解析、防火墙和反向代理；服务要先启动。',
    },
    'other-answer': {
      cause: '{url} 回答的不是本服务（状态 {status}，{contentType}）',
      fix: '让反向代理把所有路径原样转发到本服务；不要让静态站点或单页应用接住它们。',
    },
    redirected: {
      cause: '{url} 被重定向到 {to}',
      fix: '把 PUBLIC_URL 改成最终地址，或去掉重定向（例如 www 与裸域名）。',
    },
    'other-host': {
      cause: '服务器看到的主机名是 {seen}，而 PUBLIC_URL 是 {expected}',
      fix: '让代理原样传递 Host（例如 nginx 的 proxy_set_header Host $host），不要附加端口。',
    },
    'other-scheme': {
      cause: '代理之后，服务器以为页面是 {seen} 打开的',
      fix: '让代理设置 X-Forwarded-Proto，并把代理的地址写入 TRUST_PROXY。',
    },
  },
  tls: {
    title: 'HTTPS 证书',
    ok: { cause: '证书有效，还有 {days} 天到期（{protocol}）' },
    'plain-http': { cause: 'PUBLIC_URL 是本机的 http，只适合试用' },
    handshake: { cause: 'TLS 握手失败（{reason}）', fix: '检查端口上是否真的是 https，以及证书和中间证书是否完整。' },
    untrusted: { cause: '证书不被信任（{reason}）', fix: '安装完整的证书链；自签名证书在企业微信里打不开。' },
    expired: { cause: '证书已经过期', fix: '更新证书，并让它自动续期。' },
    'expires-soon': { cause: '证书还有 {days} 天到期', fix: '现在就更新证书，并让它自动续期。' },
  },
  clock: {
    title: '时钟',
    ok: { cause: '与企业微信相差 {seconds} 秒' },
    off: { cause: '本机时钟与企业微信相差 {seconds} 秒，签名和回调会被拒绝', fix: '打开时间同步（NTP）。' },
    unknown: { cause: '企业微信没有给出时间' },
  },
  'corp-settings': {
    title: '企业与应用',
    ok: { cause: '企业 ID、AgentId 和 Secret 已填写' },
    missing: { cause: '还没有填写：{names}', fix: '在向导的「企业与应用」一步填写。' },
    unreadable: {
      cause: '保存的密钥是用另一把数据密钥加密的，现在读不出来',
      fix: '把原来的密钥加进 DATA_KEYS（放在新密钥之后），或重新填写一遍。',
    },
  },
  gettoken: {
    title: '密钥',
    ok: { cause: '企业 ID 与 Secret 有效' },
    'wrong-secret': {
      cause: 'Secret 不正确或已被重置（{errcode}）',
      fix: '在应用管理 → 本应用中查看 Secret，重新填写。连续多次错误会让 IP 被封一小时，所以这里只试一次。',
    },
    'wrong-corp': { cause: '企业 ID 不正确（{errcode}）', fix: '在我的企业 → 企业信息的最下方查看企业 ID。' },
    'other-corp': {
      cause: 'Secret 属于另一个企业（{errcode}）',
      fix: '企业 ID 与 Secret 要来自同一个企业，逐一核对后重新填写。',
    },
    stopped: {
      cause: '同一个 Secret 已被拒绝多次（{errcode}），已停止尝试，以免 IP 被封',
      fix: '换上正确的 Secret，保存后会立即再试。',
    },
  },
  agent: {
    title: '应用',
    ok: { cause: '应用「{name}」已启用' },
    'other-app': {
      cause: 'AgentId 与 Secret 不是同一个应用的（{errcode}）',
      fix: '在应用管理中打开本应用，同时核对 AgentId 和 Secret。',
    },
    disabled: { cause: '应用已停用', fix: '在应用管理 → 本应用中启用它。' },
  },
  token: {
    title: 'access_token 的更新',
    ok: { cause: '一切正常；已用 {minutes} 分钟，还有 {left} 分钟，共更新 {refreshes} 次（由 {holder}）' },
    'not-yet': { cause: '还没有取过 access_token' },
    rejected: {
      cause: '刚取得的 access_token 也被拒绝（{errcode}）',
      fix: '检查出口是否有会改写请求的代理，Secret 是否属于本应用；然后重新检查。',
    },
    'often-rejected': {
      cause: '一小时内有 {count} 次 access_token 失效（{errcode}），已自动换新',
      fix: '检查是否有别的程序在用同一个 Secret 并不断刷新；给它另建一个应用。',
    },
  },
  'callback-settings': {
    title: '回调设置',
    ok: { cause: 'Token 和 EncodingAESKey 已设置' },
    missing: {
      cause: '还没有设置回调，客户变化不能及时到达',
      fix: '在向导的「接收事件」一步生成 Token 和 EncodingAESKey。',
    },
    'half-set': {
      cause: 'Token 和 EncodingAESKey 只设置了一个',
      fix: '两个要一起设置；EncodingAESKey 是 43 位字母和数字。',
    },
  },
  'callback-loop': {
    title: '回调自检',
    ok: { cause: '自己的公网地址能验证并解密回调（{ms} 毫秒）' },
    'not-running': { cause: '服务没有运行，或 PUBLIC_URL 从本机打不开' },
    status: {
      cause: '回调地址回答 {status}，企业微信会显示「openapi回调地址请求不通过」',
      fix: '检查代理是否把 /wecom/callback/ 原样转发，防火墙是否放行，运行中的服务是否用同一组 Token 和 EncodingAESKey。',
    },
    wrapped: {
      cause: '回调地址的回答不是原文（多了引号、换行或别的内容）',
      fix: '让代理原样返回：不要改写成 JSON、不要加页面、不要压缩或注入内容。',
    },
    slow: { cause: '回调地址用了 {ms} 毫秒才回答', fix: '企业微信最多等 5 秒；检查代理和服务器的负载。' },
  },
  'callback-arrival': {
    title: '真实的回调',
    ok: { cause: '最近一次在 {at} 到达' },
    none: {
      cause: '还没有收到过企业微信的回调',
      fix: '在应用 → 接收消息 → 设置 API 接收中粘贴 URL、Token、EncodingAESKey 并保存。',
    },
    'verified-only': {
      cause: '地址已在 {at} 验证，但还没有事件到达',
      fix: '在客户联系 → API 中勾选本应用接收事件；随便改一个客户的备注试试。',
    },
    'bad-signature': {
      cause: '最近一次请求的签名不对：两边的 Token 不一致',
      fix: '把这里的 Token 原样粘贴到企业微信后台，再保存一次。',
    },
    'bad-key': {
      cause: '最近一次请求解不开：两边的 EncodingAESKey 不一致',
      fix: '把这里的 EncodingAESKey 原样粘贴到企业微信后台，再保存一次。',
    },
    'other-receiver': {
      cause: '最近一次请求是发给另一个企业的',
      fix: '核对回调 URL 末尾的企业 ID，以及后台登录的是不是同一个企业。',
    },
    'bad-time': { cause: '最近一次请求的时间与本机相差太多', fix: '打开时间同步（NTP），再在企业微信后台保存一次。' },
    late: { cause: '最早一条事件已等待 {seconds} 秒', fix: '在「同步」页查看积压；检查服务器和数据库的负载。' },
    dead: { cause: '有 {count} 条事件多次处理失败', fix: '在「同步」页的回调收件箱里查看原因并重试。' },
  },
  'verify-file': {
    title: '域名归属文件',
    ok: { cause: '{name} 能从公网读到，内容一致' },
    missing: {
      cause: '还没有设置域名归属文件',
      fix: '在应用 → 网页授权及 JS-SDK 中下载 WW_verify 文件，把文件名和内容填到向导里，由本服务提供。',
    },
    'not-found': {
      cause: '{name} 在公网地址上回答 {status}',
      fix: '让代理把根目录下的 /WW_verify_*.txt 也转发到本服务。',
    },
    'other-content': {
      cause: '{name} 的内容不一致（{contentType}，{bytes} 字节）',
      fix: '网站根目录下有别的内容接住了它（例如单页应用的首页）；让代理把这个路径转发到本服务。',
    },
    redirected: { cause: '{name} 被重定向到 {to}', fix: '企业微信不跟随重定向；让这个路径直接回答。' },
  },
  'domain-owner': {
    title: '域名主体',
    ok: { cause: '已确认：域名已备案、主体与企业一致，企业已认证' },
    'not-said': {
      cause: '企业微信要求域名备案主体与企业一致，接口读不到，需要你确认',
      fix: '在向导的「可信域名」一步回答两个问题。',
    },
    provider: {
      cause: '{host} 是第三方服务商或内网穿透的域名，企业微信会提示「该域名主体为第三方服务商」',
      fix: '换成本企业备案的域名，例如 guide.你的域名.cn。',
    },
    'not-own': {
      cause: '域名的备案主体不是本企业，企业微信会提示「域名主体校验未通过」',
      fix: '换成本企业或关联企业备案的域名；备案变更后要等 2 到 3 天。',
    },
    'not-verified': { cause: '企业还没有认证', fix: '在我的企业 → 企业信息中完成认证，否则可信域名不能用于 JS-SDK。' },
    local: { cause: '本机地址，不需要备案' },
  },
  'trusted-domain': {
    title: '可信域名',
    ok: { cause: '可信域名是 {trusted}' },
    none: {
      cause: '没有设置可信域名，登录会提示「redirect_uri 需使用应用可信域名」（50001）',
      fix: '在应用 → 网页授权及 JS-SDK 中把 {host} 设为可信域名。',
    },
    differs: {
      cause: '可信域名是 {trusted}，而 PUBLIC_URL 是 {host}，登录会提示 50001',
      fix: '两者（包括端口和 www）必须完全一致，修改其中之一。后台若还有别的可信域名，确认其中有 {host}。',
    },
  },
  'trusted-ip': {
    title: '企业可信 IP',
    ok: { cause: '这台服务器的出口 IP 可以调用接口' },
    'not-allowed': {
      cause: '出口 IP {ip} 不在企业可信 IP 中（60020）',
      fix: '在应用管理 → 本应用 → 企业可信 IP 中加入 {ip}，约一分钟后生效。输入框是灰色的，说明要先完成可信域名或接收消息的设置。',
    },
  },
  'sign-in-codes': {
    title: '登录',
    ok: { cause: '最近一小时没有失效的登录凭证' },
    spent: {
      cause: '最近一小时有 {count} 次登录凭证无效（40029）：凭证用过、过期，或页面带着 ?code= 被刷新',
      fix: '请从聊天工具栏重新打开侧边栏；若持续出现，检查代理是否缓存或重放了 /sidebar/auth/callback。',
    },
  },
  'customer-contact': {
    title: '客户联系',
    ok: { cause: '{count} 位成员可以服务客户' },
    'not-callable': {
      cause: '应用没有调用「客户联系」接口的权限（48002）',
      fix: '在客户与上下游 → 客户联系 → API → 可调用接口的应用中勾选本应用。',
    },
    nobody: {
      cause: '可以调用，但没有任何成员开通客户联系',
      fix: '在客户联系 → 权限配置 → 使用范围中加入导购，并把他们加入应用的可见范围。',
    },
    'not-you': {
      cause: '{count} 位成员可以服务客户，但不包括你自己，你打开侧边栏会被拒绝',
      fix: '如果你也要服务客户，请在客户联系 → 权限配置 → 使用范围中加入自己。',
    },
  },
  'visible-range': {
    title: '可见范围',
    ok: { cause: '可见范围内有 {members} 位成员，其中 {guides} 位可以服务客户' },
    nobody: {
      cause: '应用的可见范围里没有成员，同步会「成功」但什么也没有',
      fix: '在应用管理 → 本应用 → 可见范围中加入导购所在的部门。',
    },
    outside: {
      cause: '{count} 位有客户联系的成员不在可见范围内，他们的客户读不到',
      fix: '在应用管理 → 本应用 → 可见范围中加入他们的部门。',
    },
    denied: {
      cause: '读取通讯录被拒绝（{errcode}）：成员或部门不在可见范围内，或已被删除',
      fix: '在应用管理 → 本应用 → 可见范围中加入导购所在的部门，不要只选下级部门中的个别人。',
    },
  },
  'member-fields': {
    title: '成员资料',
    ok: { cause: '实际能读到：{fields}' },
    reduced: { cause: '实际能读到：{fields}。手机号、邮箱和头像对新应用不再提供，本产品不需要它们' },
    'contact-secret': {
      cause: '通讯录接口拒绝了这台服务器（48009）：用的是「通讯录同步」的 Secret，或 IP 不被允许',
      fix: '只填写本应用自己的 Secret，不要填写「通讯录同步」的 Secret。',
    },
    nobody: { cause: '可见范围里没有可以读取的成员' },
  },
  'ticket-corp': {
    title: 'JS-SDK 企业票据',
    ok: { cause: '可以取得' },
  },
  'ticket-agent': {
    title: 'JS-SDK 应用票据',
    ok: { cause: '可以取得' },
  },
  'mini-program': {
    title: '小程序卡片',
    ok: { cause: '{count} 张已发布的卡片没有问题' },
    none: { cause: '还没有已发布的卡片' },
    'not-linked': {
      cause: '小程序 {appId} 没有关联到企业（90206），卡片会发送失败',
      fix: '在应用管理 → 小程序中关联它，然后在向导里再发一次测试。',
    },
    refused: { cause: '测试卡片发送失败（{errcode}）', fix: '打开链接查询错误码，修正后在向导里再发一次测试。' },
    faulty: {
      cause: '卡片「{title}」：{problem}',
      fix: '在「小程序卡片」里修改它，否则客户会看到「页面不存在」。',
    },
  },
  'first-sync': {
    title: '同步',
    ok: { cause: '已同步 {relations} 条客户关系，完成于 {at}' },
    never: { cause: '还没有同步过', fix: '在向导或「同步」页点「开始同步」。' },
    running: { cause: '正在同步：{done} / {total}' },
    stuck: {
      cause: '同步已有 {minutes} 分钟没有进展',
      fix: '在「同步」页查看接口限额；若没有限制，重启服务会从断点继续。',
    },
    failed: { cause: '同步没有完成：{reason}', fix: '先处理其他检查项中的问题，再点「开始同步」，会从断点继续。' },
    empty: {
      cause: '同步完成了，但一条客户关系也没有',
      fix: '检查「客户联系」和「可见范围」两项：导购要同时在两边的范围里。',
    },
  },
  'api-limits': {
    title: '接口限额',
    ok: { cause: '最近一小时没有被限制' },
    hit: {
      cause: '最近一小时有 {count} 次调用被限制（{errcode}），已自动放慢',
      fix: '不需要处理；若经常出现，检查是否有别的程序在用同一个企业的接口。',
    },
    closed: {
      cause: '{paths} 正被限制（45009），到 {until} 恢复',
      fix: '同步会自动等待并从断点继续；不要重复点击。检查是否有别的程序在用同一个企业的接口。',
    },
  },
  welcome: {
    title: '欢迎语',
    ok: { cause: '最近一天 {sent} 条欢迎语，没有失败' },
    none: { cause: '最近一天没有新客户' },
    'no-code': {
      cause: '最近 {count} 位新客户的事件里没有欢迎语凭证：企业微信后台已为这些成员设置了欢迎语',
      fix: '在客户联系 → 加客户 → 欢迎语中删除后台的设置，由本产品发送。',
    },
    'other-app': {
      cause: '{count} 条欢迎语没有发出（{errcode}）：别的应用先发了，或客户已开始聊天',
      fix: '在客户联系 → API 中检查是否还有别的应用在发欢迎语，只保留一个。',
    },
    late: {
      cause: '{count} 条欢迎语超过了 20 秒（{errcode}）',
      fix: '检查服务器到企业微信的网络和服务器的负载；回调要在几秒内到达。',
    },
  },
  'relations-refused': {
    title: '客户关系',
    ok: { cause: '最近一小时没有被拒绝的客户操作' },
    lost: {
      cause: '{count} 次操作被拒绝（84061）：客户已不在这位导购名下',
      fix: '名单会随回调和同步自动更新；若持续出现，在「同步」页运行一次同步。',
    },
    'other-form': {
      cause: '{count} 次操作被拒绝（{errcode}）：客户编号属于另一个企业或服务商',
      fix: '从 CRM 导入的编号要是本企业自建应用看到的 external_userid，不要用服务商的。',
    },
  },
  'union-id': {
    title: '客户的 unionid',
    ok: { cause: '抽查 {sampled} 位微信客户，{share}% 有 unionid' },
    none: {
      cause: '抽查 {sampled} 位微信客户，没有一位有 unionid，小程序订单无法自动匹配',
      fix: '在企业微信后台绑定微信开放平台账号；或改用手机号、订单号匹配。',
    },
    'not-yet': { cause: '还没有微信客户可以抽查' },
  },
  'chat-toolbar': {
    title: '聊天工具栏',
    ok: { cause: '{at} 从聊天工具栏打开过' },
    never: {
      cause: '还没有人在聊天里打开过侧边栏',
      fix: '在应用 → 配置到聊天工具栏中添加页面 URL，重启企业微信，然后打开一个客户的聊天。',
    },
    outside: {
      cause: '最近一次是从「{entry}」打开的，不是聊天工具栏，读不到客户（without context of external contact）',
      fix: '从与客户的聊天窗口右侧打开；若那里没有，在应用 → 配置到聊天工具栏中添加页面 URL 并重启企业微信。',
    },
  },
  'js-signature': {
    title: 'JS-SDK 签名',
    ok: { cause: '最近一次打开，签名被接受' },
    'not-yet': { cause: '还没有人在企业微信里打开过侧边栏' },
    'other-url': {
      cause:
        '签名被拒绝（40093）：浏览器的地址与签名的地址从第 {at} 个字符开始不同：浏览器「{seen}」，签名「{signed}」',
      fix: '让两者一致：检查代理改写的主机、端口（如 :443）、http/https 和 # 之后的部分。',
    },
    rejected: {
      cause: '签名被拒绝（40093），而地址一致',
      fix: '检查时钟、AgentId 是否属于本应用，以及可信域名；然后重新打开侧边栏。',
    },
  },
  'js-sdk': {
    title: '客户端与 SDK',
    ok: { cause: 'SDK {sdk}，企业微信 {client}（{platform}）' },
    'not-yet': { cause: '还没有人在企业微信里打开过侧边栏' },
    'too-old': {
      cause: '最近打开侧边栏的企业微信是 {client}（{platform}），至少需要 {needed}',
      fix: '更新企业微信后重新打开。',
    },
    'no-function': {
      cause: '客户端没有需要的接口（{message}）',
      fix: '更新企业微信；页面请使用本产品自带的 SDK {sdk}，不要另外引入旧脚本。',
    },
  },
}
