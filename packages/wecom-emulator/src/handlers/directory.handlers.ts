import type {
  AgentGetAnswer,
  Department,
  DepartmentListAnswer,
  DepartmentSimpleListAnswer,
  Member,
  UserGetAnswer,
  UserListAnswer,
  UserSimpleListAnswer,
} from '@guidebar/wecom/wire'
import type { DepartmentRecord, MemberRecord } from '../state/records.ts'
import type { World } from '../state/world.ts'
import { WecomFault } from '../wecom-fault.ts'
import type { Call, DefineEndpoint, Endpoint } from './endpoint.ts'
import { needQuery } from './parameters.ts'
import { needMember } from './permissions.ts'

/** Members, departments and the app itself. */
export const directoryHandlers = (define: DefineEndpoint): Endpoint[] => [
  define<UserGetAnswer>({
    method: 'GET',
    path: 'user/get',
    level: 'partial',
    empties: { department: [], order: [], is_leader_in_dept: [], direct_leader: [] },
    answer: ({ world, query }) => toMember(world, needMember(world, needQuery(query, 'userid', 41009))),
  }),
  define<UserListAnswer>({
    method: 'GET',
    path: 'user/list',
    level: 'partial',
    empties: { userlist: [] },
    answer: (call) => ({ userlist: visibleMembers(call).map((member) => toMember(call.world, member)) }),
  }),
  define<UserSimpleListAnswer>({
    method: 'GET',
    path: 'user/simplelist',
    level: 'full',
    empties: { userlist: [] },
    answer: (call) => ({
      userlist: visibleMembers(call).map((member) => ({
        userid: member.userId,
        name: member.name,
        department: member.departmentIds,
        open_userid: '',
      })),
    }),
  }),
  define<DepartmentListAnswer>({
    method: 'GET',
    path: 'department/list',
    level: 'full',
    empties: { department: [] },
    answer: (call) => ({ department: visibleDepartments(call).map(toDepartment) }),
  }),
  define<DepartmentSimpleListAnswer>({
    method: 'GET',
    path: 'department/simplelist',
    level: 'full',
    empties: { department_id: [] },
    answer: (call) => ({
      department_id: visibleDepartments(call).map(({ id, parentId, order }) => ({ id, parentid: parentId, order })),
    }),
  }),
  define<{ department: Department }>({
    method: 'GET',
    path: 'department/get',
    level: 'full',
    answer: ({ world, query }) => ({ department: toDepartment(needDepartment(world, needQuery(query, 'id', 60123))) }),
  }),
  define<AgentGetAnswer>({ method: 'GET', path: 'agent/get', level: 'partial', answer: getAgent }),
]

function needDepartment(world: World, text: string): DepartmentRecord {
  const id = Number(text)
  if (!Number.isInteger(id) || id < 1) throw new WecomFault(60123)
  const department = world.directory.departments.get(id)
  if (!department) throw new WecomFault(60003)
  if (!world.directory.isDepartmentVisible(id)) throw new WecomFault(60011)
  return department
}

function visibleMembers({ world, query }: Call): MemberRecord[] {
  const department = needDepartment(world, needQuery(query, 'department_id', 60123))
  return world.directory.membersOf(department.id).filter((member) => world.directory.isVisible(member))
}

function visibleDepartments({ world, query }: Call): DepartmentRecord[] {
  const id = query.get('id')
  const all = id ? world.directory.subtree(needDepartment(world, id).id) : [...world.directory.departments.values()]
  return all.filter((department) => world.directory.isDepartmentVisible(department.id))
}

const toDepartment = (record: DepartmentRecord): Department => ({
  id: record.id,
  name: record.name,
  name_en: record.nameEn,
  department_leader: record.leaderUserIds,
  parentid: record.parentId,
  order: record.order,
})

/** New self-built apps get neither avatar, gender, mobile nor mail. */
function toMember(world: World, member: MemberRecord): Member {
  const sensitive = world.settings.memberSensitiveFields && {
    mobile: member.mobile,
    email: member.email,
    avatar: member.avatar,
    thumb_avatar: member.avatar,
  }
  return {
    userid: member.userId,
    name: member.name,
    department: member.departmentIds,
    order: member.departmentIds.map(() => 0),
    position: member.position,
    ...sensitive,
    gender: world.settings.memberSensitiveFields ? String(member.gender) : '0',
    is_leader_in_dept: member.departmentIds.map((_, index) => (member.leaderInDepartments[index] ? 1 : 0)),
    direct_leader: member.directLeaderUserIds.slice(0, 1),
    telephone: '',
    alias: member.alias,
    status: member.status,
    main_department: member.mainDepartmentId,
    extattr: { attrs: [] },
    external_position: '',
    external_profile: {},
  }
}

function getAgent({ world, query }: Call): AgentGetAnswer {
  const { agent, visibleRange, trustedDomains } = world.settings
  const agentId = needQuery(query, 'agentid', 41011)
  if (agentId !== String(agent.agentId)) throw new WecomFault(301002)
  return {
    agentid: agent.agentId,
    name: agent.name,
    square_logo_url: '',
    description: agent.description,
    allow_userinfos: { user: (visibleRange?.userIds ?? []).map((userid) => ({ userid })) },
    allow_partys: { partyid: visibleRange?.departmentIds ?? [1] },
    allow_tags: { tagid: [] },
    close: 0,
    redirect_domain: trustedDomains[0] ?? '',
    report_location_flag: 0,
    isreportenter: 0,
    home_url: agent.homeUrl,
    customized_publish_status: 1,
  }
}
