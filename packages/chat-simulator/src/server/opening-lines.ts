const lines = [
  '你好，请问新款手机现在店里有现货吗？',
  '在吗？想问一下以旧换新能抵多少钱',
  '我上周买的手机，数据怎么从旧手机导过来呀？',
  '你好，会员积分可以换壳和膜吗？',
  '请问周末门店有活动吗？想带家里人去看看',
  '手机屏幕碎了，你们店可以修吗，大概多久？',
  '有没有适合老人用的手机推荐？',
  '耳机降噪的那款还有优惠券吗？',
]

/** What this customer wrote first: always the same for the same customer. */
export function openingLine(externalUserId: string): string {
  let sum = 0
  for (const character of externalUserId) sum = (sum * 31 + character.charCodeAt(0)) >>> 0
  return lines[sum % lines.length] ?? ''
}
