export const surnames = Array.from('王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董潘袁蔡蒋余')

const firstLetters = Array.from('子梓雨欣佳思嘉美晓文静雅志家俊')
const secondLetters = Array.from('涵萱怡琪婷雯敏轩宇杰豪明')

/** Given names of two characters; with the surnames some 7,000 names. */
export const givenNames = firstLetters.flatMap((first) => secondLetters.map((second) => first + second))

export const notes = ['姐', '哥', '老客', 'VIP', '换新', '周末来', '企业采购', '学生', '爱拍照', '推荐人']

export const tagGroupNames = ['会员等级', '购买意向', '关注品牌', '年龄段', '来源渠道', '服务偏好', '预算', '跟进阶段']

export const tagNames = ['高', '较高', '中', '较低', '低', '待定']

export const corpNames = ['示例供应', '示例贸易', '示例科技', '示例物流'].map((name) => ({
  position: '采购',
  corpName: name,
  corpFullName: `${name}有限公司`,
}))
