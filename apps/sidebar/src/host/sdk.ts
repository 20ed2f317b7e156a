// Only what the panel calls: the rest of the SDK stays out of the bundle.
export {
  ensureConfigReady,
  getContext,
  getCurExternalChat,
  getCurExternalContact,
  openEnterpriseChat,
  register,
  sendChatMessage,
} from '@wecom/jssdk'
