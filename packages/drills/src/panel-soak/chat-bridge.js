// Runs in the page before any script, as a client would put it in. It may use nothing from outside itself.

/** A bridge that answers with whoever the chat is with at that moment; `switchChat` changes it and comes back to the panel. */
// oxlint-disable-next-line no-unused-vars -- called by the line that panel-soak.drill.ts puts behind this file
function installChatBridge(first) {
  let userId = first
  window.switchChat = (next) => {
    userId = next
    window.dispatchEvent(new Event('focus'))
  }
  window.WeixinJSBridge = {
    invoke: (api, _params, answer) =>
      setTimeout(() => answer({ err_msg: `${api}:ok`, checkResult: {}, entry: 'single_chat_tools', userId }), 5),
    on: () => undefined,
  }
}
