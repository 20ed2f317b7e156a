/**
 * The floor: one hand-written page without any framework that makes the same bridge calls and the same context call.
 * Nothing can show the customer faster than this without keeping anything.
 * @param boot the boot facts as they stand in the panel's own HTML
 */
export function floorPage(boot: string): string {
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>floor</title>
<style>
body { margin: 0; font: 14px/1.5 sans-serif; background: #f5f6f7 }
header, section { background: #fff; margin: 8px; padding: 12px; border-radius: 8px }
h1 { font-size: 16px; margin: 0 }
li { margin: 4px 0 }
</style>
</head>
<body>
<div id="app"><header><h1>…</h1></header></div>
<script type="application/json" id="boot">${boot}</script>
<script>
const boot = JSON.parse(document.getElementById('boot').textContent)
const call = (name, params = {}) => new Promise((done) => WeixinJSBridge.invoke(name, params, done))
const text = (value) => String(value).replace(/[&<]/g, (c) => (c === '<' ? '&lt;' : '&amp;'))
;(async () => {
  const { timestamp, nonceStr, signature } = boot.signatures.agent
  await call('agentConfig', { corpid: boot.corpId, agentid: boot.agentId, timestamp: String(timestamp), nonceStr, signature,
    jsApiList: ['getContext', 'getCurExternalContact', 'sendChatMessage'] })
  const [, { userId }] = await Promise.all([call('getContext'), call('getCurExternalContact')])
  const answer = await fetch('/api/sidebar/context?externalUserId=' + encodeURIComponent(userId))
  const context = await answer.json()
  document.getElementById('app').innerHTML =
    '<header><h1>' + text(context.customer.name) + '</h1><p>' + text(context.relation.remark) + '</p></header>' +
    '<section><ul>' + context.relation.tags.map((tag) => '<li>' + text(tag.name) + '</li>').join('') + '</ul></section>' +
    '<section><ul>' + context.topReplies.map((reply) => '<li>' + text(reply.title) + '</li>').join('') + '</ul></section>'
})()
</script>
</body>
</html>
`
}
