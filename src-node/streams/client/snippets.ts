/** Programs to copy that read a stream at the local endpoint, and work as they are pasted. The token is taken from the environment. */
import { toHex, type Bytes } from '../../base/bytes.ts';

export interface Snippets {
  readonly curl: string;
  readonly javascript: string;
  readonly python: string;
}

/** The name of the variable that each of them takes the token from. */
export const TOKEN_VARIABLE = 'PD_TICKET';

/** @param options.port of the local endpoint */
export function snippetsOf(options: { readonly streamId: Bytes; readonly port: number }): Snippets {
  const url = `http://127.0.0.1:${options.port}/v1/streams/${toHex(options.streamId)}/rows`;
  return {
    curl: `curl -sS -H "Authorization: Bearer $${TOKEN_VARIABLE}" "${url}?cursor=earliest&max=100&waitMs=10000"\n`,
    javascript: `// node stream.mjs
const url = '${url}';
const headers = { Authorization: \`Bearer \${process.env.${TOKEN_VARIABLE}}\` };
let cursor = 'earliest';
for (;;) {
  const response = await fetch(\`\${url}?cursor=\${cursor}&max=100&waitMs=10000\`, { headers });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error.message);
  for (const { seq, time, row } of answer.rows) console.log(seq, time, JSON.stringify(row));
  cursor = answer.next;
}
`,
    python: `# python3 stream.py
import json, os, urllib.request

url = "${url}"
headers = {"Authorization": "Bearer " + os.environ["${TOKEN_VARIABLE}"]}
cursor = "earliest"
while True:
    request = urllib.request.Request(f"{url}?cursor={cursor}&max=100&waitMs=10000", headers=headers)
    with urllib.request.urlopen(request) as response:
        answer = json.load(response)
    for item in answer["rows"]:
        print(item["seq"], item["time"], json.dumps(item["row"]), flush=True)
    cursor = answer["next"]
`,
  };
}
