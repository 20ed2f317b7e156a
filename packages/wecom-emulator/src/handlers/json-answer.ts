const texts = new WeakMap<Response, string>()

/**
 * An answer in JSON. Its text lies beside it and not in it: the body of a `Response` costs more than everything else
 * about a page of a hundred rows.
 */
export function toJsonAnswer(fields: object): Response {
  const answer = new Response(null, { headers: { 'content-type': 'application/json' } })
  texts.set(answer, JSON.stringify(fields))
  return answer
}

/** What an answer says: its text, or the bytes of one that is no JSON of ours. */
export const readAnswer = async (answer: Response): Promise<string | Buffer> =>
  texts.get(answer) ?? Buffer.from(await answer.arrayBuffer())
