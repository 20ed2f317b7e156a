import { Type, type Static, type TProperties } from 'typebox'

/** Everything in a decrypted packet is text, numbers and times included: a MsgId is larger than a JS number holds. */
const Text = Type.String()
const MaybeText = Type.Optional(Text)

const common = {
  /** The corpid. */
  ToUserName: Text,
  /** `sys` for events of the corp, the userid for events of the app. */
  FromUserName: Text,
  /** Unix seconds, as text. */
  CreateTime: Type.String({ pattern: '^\\d{1,12}$' }),
  /** Present for events and messages of the app only. */
  AgentID: MaybeText,
}

const event = <E extends string, P extends TProperties>(name: E, fields: P) =>
  Type.Object({ ...common, MsgType: Type.Literal('event'), Event: Type.Literal(name), ...fields })

const change = <E extends string, C extends string, P extends TProperties>(name: E, changeType: C, fields: P) =>
  event(name, { ChangeType: Type.Literal(changeType), ...fields })

const pair = { UserID: Text, ExternalUserID: Text }
const chat = { ChatId: Text }
const appEvent = { EventKey: MaybeText }

/**
 * The shape of each event we know, by `Event` or `Event.ChangeType`.
 * `del_follow_user` exists under two events, so ChangeType alone never chooses.
 */
export const eventSchemas = {
  'change_external_contact.add_external_contact': change('change_external_contact', 'add_external_contact', {
    ...pair,
    State: MaybeText,
    WelcomeCode: MaybeText,
  }),
  'change_external_contact.add_half_external_contact': change('change_external_contact', 'add_half_external_contact', {
    ...pair,
    State: MaybeText,
    WelcomeCode: MaybeText,
  }),
  'change_external_contact.edit_external_contact': change('change_external_contact', 'edit_external_contact', {
    ...pair,
    State: MaybeText,
  }),
  'change_external_contact.del_external_contact': change('change_external_contact', 'del_external_contact', {
    ...pair,
    /** `DELETE_BY_TRANSFER` when a handover removed the relation. */
    Source: MaybeText,
  }),
  'change_external_contact.del_follow_user': change('change_external_contact', 'del_follow_user', pair),
  'change_external_contact.transfer_fail': change('change_external_contact', 'transfer_fail', {
    ...pair,
    FailReason: MaybeText,
  }),
  'change_external_contact.msg_audit_approved': change('change_external_contact', 'msg_audit_approved', {
    ...pair,
    WelcomeCode: MaybeText,
  }),
  'change_external_chat.create': change('change_external_chat', 'create', chat),
  'change_external_chat.dismiss': change('change_external_chat', 'dismiss', chat),
  'change_external_chat.update': change('change_external_chat', 'update', {
    ...chat,
    UpdateDetail: MaybeText,
    JoinScene: MaybeText,
    QuitScene: MaybeText,
    MemChangeCnt: MaybeText,
    /** Ids of the members who came or left; older events have none. */
    MemChangeList: Type.Optional(Type.Array(Text)),
    LastMemVer: MaybeText,
    CurMemVer: MaybeText,
  }),
  'change_external_tag.create': change('change_external_tag', 'create', {
    Id: Text,
    TagType: MaybeText,
    StrategyId: MaybeText,
  }),
  'change_external_tag.update': change('change_external_tag', 'update', {
    Id: Text,
    TagType: MaybeText,
    StrategyId: MaybeText,
  }),
  'change_external_tag.delete': change('change_external_tag', 'delete', {
    Id: Text,
    TagType: MaybeText,
    StrategyId: MaybeText,
  }),
  /** An empty Id means that the order of all groups changed. */
  'change_external_tag.shuffle': change('change_external_tag', 'shuffle', { Id: MaybeText, StrategyId: MaybeText }),
  'change_contact.create_user': change('change_contact', 'create_user', {
    UserID: Text,
    Name: MaybeText,
    Department: MaybeText,
    MainDepartment: MaybeText,
    Status: MaybeText,
  }),
  'change_contact.update_user': change('change_contact', 'update_user', {
    UserID: Text,
    /** The member was renamed; happens once at most. */
    NewUserID: MaybeText,
    Name: MaybeText,
    Department: MaybeText,
    MainDepartment: MaybeText,
    Status: MaybeText,
  }),
  'change_contact.delete_user': change('change_contact', 'delete_user', { UserID: Text }),
  'change_contact.create_party': change('change_contact', 'create_party', {
    Id: Text,
    Name: MaybeText,
    ParentId: MaybeText,
    Order: MaybeText,
  }),
  'change_contact.update_party': change('change_contact', 'update_party', {
    Id: Text,
    Name: MaybeText,
    ParentId: MaybeText,
  }),
  'change_contact.delete_party': change('change_contact', 'delete_party', { Id: Text }),
  'change_contact.update_tag': change('change_contact', 'update_tag', {
    TagId: Text,
    AddUserItems: MaybeText,
    DelUserItems: MaybeText,
    AddPartyItems: MaybeText,
    DelPartyItems: MaybeText,
  }),
  'customer_acquisition.balance_low': change('customer_acquisition', 'balance_low', {}),
  'customer_acquisition.balance_exhausted': change('customer_acquisition', 'balance_exhausted', {}),
  'customer_acquisition.quota_expire_soon': change('customer_acquisition', 'quota_expire_soon', {
    ExpireTime: MaybeText,
    ExpireQuotaNum: MaybeText,
  }),
  'customer_acquisition.link_unavailable': change('customer_acquisition', 'link_unavailable', { LinkId: Text }),
  'customer_acquisition.delete_link': change('customer_acquisition', 'delete_link', { LinkId: Text }),
  'customer_acquisition.open_profile': change('customer_acquisition', 'open_profile', {
    LinkId: Text,
    State: MaybeText,
  }),
  'customer_acquisition.friend_request': change('customer_acquisition', 'friend_request', {
    LinkId: Text,
    State: MaybeText,
  }),
  'customer_acquisition.customer_start_chat': change('customer_acquisition', 'customer_start_chat', {
    ...pair,
    LinkId: MaybeText,
    State: MaybeText,
  }),
  'customer_acquisition.message_from_customer': change('customer_acquisition', 'message_from_customer', {
    ChatKey: MaybeText,
    LinkId: MaybeText,
    State: MaybeText,
  }),
  'customer_acquisition.del_follow_user': change('customer_acquisition', 'del_follow_user', {
    UserID: MaybeText,
    ExternalUserID: MaybeText,
    LinkId: MaybeText,
    State: MaybeText,
  }),
  subscribe: event('subscribe', appEvent),
  unsubscribe: event('unsubscribe', appEvent),
  enter_agent: event('enter_agent', appEvent),
  click: event('click', appEvent),
  view: event('view', appEvent),
  view_miniprogram: event('view_miniprogram', appEvent),
  LOCATION: event('LOCATION', { Latitude: MaybeText, Longitude: MaybeText, Precision: MaybeText }),
  template_card_event: event('template_card_event', {
    ...appEvent,
    TaskId: MaybeText,
    CardType: MaybeText,
    /** Single use within 72 hours. */
    ResponseCode: MaybeText,
    SelectedItems: Type.Optional(Type.Array(Type.Object({ QuestionKey: Text, OptionIds: Type.Array(Text) }))),
  }),
  template_card_menu_event: event('template_card_menu_event', {
    ...appEvent,
    TaskId: MaybeText,
    CardType: MaybeText,
    ResponseCode: MaybeText,
  }),
} as const

/** `Event.ChangeType`, or the bare `Event` of an app event. */
export type WecomEventName = keyof typeof eventSchemas

/** The shape of one event by its name: `WecomEventOf<'change_external_contact.add_external_contact'>`. */
export type WecomEventOf<N extends WecomEventName> = Static<(typeof eventSchemas)[N]>

/** Any event we know. Narrow by `Event` and `ChangeType`, or with `isEvent`. */
export type WecomEvent = { [N in WecomEventName]: WecomEventOf<N> }[WecomEventName]

/** The frame of every decrypted packet; unknown events and messages of members have no more than this for certain. */
export const WecomPacket = Type.Object({
  ...common,
  MsgType: Text,
  Event: MaybeText,
  ChangeType: MaybeText,
  /** 64-bit number as text. */
  MsgId: MaybeText,
})
export type WecomPacket = Static<typeof WecomPacket>
