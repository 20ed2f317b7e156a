import { createPanelClient, type PanelApi } from '@guidebar/api-client/panel'
import { inject, type InjectionKey } from 'vue'

/** Only tests hand one over. */
export const panelApiKey: InjectionKey<PanelApi> = Symbol('panel-api')
let own: PanelApi | undefined

/** Calls beyond those of the first view. For lazy parts only: it brings their code along. */
export function usePanelApi(): PanelApi {
  return inject(panelApiKey, null) ?? (own ??= createPanelClient())
}
