/** Scenario files for the bundled target, each in HCL and in YAML. */
export const GRPC = {
  hcl: `
variable_source "users" "variables" {
  variables = { logins = ["user1", "user2"] }
}
call "auth" {
  call     = "target.TargetService.Auth"
  tag      = "login"
  metadata = { x-user = "{{.request.auth.preprocessor.login}}" }
  payload  = <<-EOF
    {"login": "{{.request.auth.preprocessor.login}}", "pass": "{{.request.auth.preprocessor.login}}"}
  EOF
  preprocessor "prepare" {
    mapping = { login = "source.users.logins[next]" }
  }
  postprocessor "assert/response" {
    status_code = 200
    payload     = ["token:\\"token-", "userId:"]
  }
}
call "list" {
  call    = "target.TargetService.List"
  tag     = "list"
  payload = "{\\"token\\": \\"{{.request.auth.postprocessor.token}}\\", \\"userId\\": {{.request.auth.postprocessor.userId}}}"
}
call "order" {
  call    = "target.TargetService.Order"
  tag     = "order"
  payload = <<-EOF
    {"token": "{{.request.auth.postprocessor.token}}", "userId": {{.request.auth.postprocessor.userId}},
     "itemId": {{(index .request.list.postprocessor.result 3).itemId}}}
  EOF
}
call "add" {
  call    = "api.Adder.Add"
  tag     = "add"
  payload = "{\\"x\\": {{.request.order.postprocessor.orderId}}, \\"y\\": 1}"
}
call "stranger" {
  call    = "target.TargetService.List"
  tag     = "stranger"
  payload = "{\\"token\\": \\"x\\"}"
}
call "refused" {
  call    = "target.TargetService.List"
  tag     = "refused"
  payload = "{\\"token\\": \\"x\\"}"
  postprocessor "assert/response" { status_code = 200 }
}
call "greeting" {
  call    = "target.TargetService.Hello"
  tag     = "greeting"
  payload = "{\\"name\\": \\"Ann\\"}"
  postprocessor "assert/response" { payload = ["Hello Bob"] }
}
call "field" {
  call    = "target.TargetService.Hello"
  tag     = "field"
  payload = "{\\"nme\\": \\"Ann\\"}"
}
call "method" {
  call    = "target.TargetService.Hallo"
  tag     = "method"
  payload = "{}"
}
scenario "shop" {
  requests = ["auth", "list", "order", "add"]
  weight   = 2
}
scenario "code" {
  requests = ["stranger", "refused", "add"]
}
scenario "text" {
  requests = ["greeting", "add"]
}
scenario "unfit" {
  requests = ["field", "add"]
}
scenario "unknown" {
  requests = ["method", "add"]
}
`,
  yaml: `
variable_sources:
  - {type: variables, name: users, variables: {logins: [user1, user2]}}
calls:
  - name: auth
    call: target.TargetService.Auth
    tag: login
    metadata: {x-user: "{{.request.auth.preprocessor.login}}"}
    payload: '{"login": "{{.request.auth.preprocessor.login}}", "pass": "{{.request.auth.preprocessor.login}}"}'
    preprocessors: [{type: prepare, mapping: {login: "source.users.logins[next]"}}]
    postprocessors: [{type: assert/response, status_code: 200, payload: ['token:"token-', "userId:"]}]
  - name: list
    call: target.TargetService.List
    tag: list
    payload: '{"token": "{{.request.auth.postprocessor.token}}", "userId": {{.request.auth.postprocessor.userId}}}'
  - name: order
    call: target.TargetService.Order
    tag: order
    payload: |
      {"token": "{{.request.auth.postprocessor.token}}", "userId": {{.request.auth.postprocessor.userId}},
       "itemId": {{(index .request.list.postprocessor.result 3).itemId}}}
  - {name: add, call: api.Adder.Add, tag: add, payload: '{"x": {{.request.order.postprocessor.orderId}}, "y": 1}'}
  - {name: stranger, call: target.TargetService.List, tag: stranger, payload: '{"token": "x"}'}
  - name: refused
    call: target.TargetService.List
    tag: refused
    payload: '{"token": "x"}'
    postprocessors: [{type: assert/response, status_code: 200}]
  - name: greeting
    call: target.TargetService.Hello
    tag: greeting
    payload: '{"name": "Ann"}'
    postprocessors: [{type: assert/response, payload: [Hello Bob]}]
  - {name: field, call: target.TargetService.Hello, tag: field, payload: '{"nme": "Ann"}'}
  - {name: method, call: target.TargetService.Hallo, tag: method, payload: "{}"}
scenarios:
  - {name: shop, weight: 2, requests: [auth, list, order, add]}
  - {name: code, requests: [stranger, refused, add]}
  - {name: text, requests: [greeting, add]}
  - {name: unfit, requests: [field, add]}
  - {name: unknown, requests: [method, add]}
`,
};

export const HTTP = {
  hcl: `
request "goods" {
  method  = "GET"
  uri     = "/goods"
  headers = { Accept = "application/json" }
  postprocessor "var/jsonpath" { mapping = { id = "$.goods[1].id" } }
  postprocessor "assert/response" {
    status_code = 200
    headers     = { Content-Type = "json" }
  }
}
request "echo" {
  method  = "POST"
  uri     = "/echo?id={{.request.goods.postprocessor.id}}"
  headers = {}
  body    = "good {{.request.goods.postprocessor.id}}"
  postprocessor "assert/response" { body = ["good 2"] }
}
request "absent" {
  method  = "GET"
  uri     = "/status/404"
  headers = {}
}
request "refused" {
  method  = "GET"
  uri     = "/status/404"
  headers = {}
  postprocessor "assert/response" { status_code = 200 }
}
scenario "shop" {
  requests = ["goods", "echo(2)"]
  weight   = 2
}
scenario "code" {
  requests = ["absent", "refused", "goods"]
}
`,
  yaml: `
requests:
  - name: goods
    uri: /goods
    headers: {Accept: application/json}
    postprocessors:
      - {type: var/jsonpath, mapping: {id: "$.goods[1].id"}}
      - {type: assert/response, status_code: 200, headers: {Content-Type: json}}
  - name: echo
    method: POST
    uri: "/echo?id={{.request.goods.postprocessor.id}}"
    body: "good {{.request.goods.postprocessor.id}}"
    postprocessors: [{type: assert/response, body: [good 2]}]
  - {name: absent, uri: /status/404}
  - {name: refused, uri: /status/404, postprocessors: [{type: assert/response, status_code: 200}]}
scenarios:
  - {name: shop, weight: 2, requests: [goods, echo(2)]}
  - {name: code, requests: [absent, refused, goods]}
`,
};
