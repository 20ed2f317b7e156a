// Runs first in the framed page, as the client's injected bridge would. Does nothing unless the simulator framed the page.
;(function () {
  var settings
  try {
    settings = JSON.parse(window.name)
  } catch {
    return
  }
  if (window.parent === window || !settings || settings.tag !== 'wecom-sim') return

  function pretend(name, value) {
    Object.defineProperty(navigator, name, {
      configurable: true,
      get: function () {
        return value
      },
    })
  }
  pretend('userAgent', settings.ua)
  pretend('platform', settings.platform)

  function inject() {
    var channel = new MessageChannel()
    var port = channel.port1
    var lastId = 0
    var waiting = {}
    var listeners = {}

    port.addEventListener('message', function (event) {
      var message = event.data
      if (message.t === 'reply') {
        var callback = waiting[message.id]
        delete waiting[message.id]
        // Parsed here, so that the SDK gets a fresh object it may write into.
        if (callback) callback(JSON.parse(message.reply))
      } else if (message.t === 'event') {
        var stay = false
        ;(listeners[message.name] || []).forEach(function (listener) {
          if (listener(JSON.parse(message.data)) === false) stay = true
        })
        port.postMessage({ t: 'eventDone', id: message.id, stay: stay })
      } else if (message.t === 'shown') {
        window.dispatchEvent(new Event('focus'))
      }
    })
    port.start()

    window.WeixinJSBridge = {
      invoke: function (name, params, callback) {
        var id = ++lastId
        waiting[id] = callback
        // Text, because callbacks inside the parameters cannot be cloned.
        var text = JSON.stringify(params || {})
        port.postMessage({ t: 'invoke', id: id, name: name, params: text, url: location.href.split('#')[0] })
      },
      on: function (name, listener) {
        ;(listeners[name] = listeners[name] || []).push(listener)
        port.postMessage({ t: 'on', name: name })
      },
    }
    window.parent.postMessage({ t: 'wecom-sim-hello', version: 1, channel: settings.channel }, settings.host, [
      channel.port2,
    ])
    document.dispatchEvent(new Event('WeixinJSBridgeReady'))
  }

  if (settings.inject === 'late') setTimeout(inject, 600)
  else if (settings.inject !== 'never') inject()
})()
