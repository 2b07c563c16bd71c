internal import Domain
internal import Feedback
internal import HTTPTypes
internal import Hummingbird
internal import InProcess
internal import SyncProtocol
internal import Testing

@testable import Collector

/// Answers are held to the document wherever a test asks: see `Caller`.
@Suite("The OpenAPI document") struct OpenAPITests {
  /// Notes what a router is given.
  private final class RouteList: RouterMethods {
    typealias Context = CallContext
    private(set) var routes: Set<String> = []

    func on<Responder: HTTPResponder>(
      _ path: RouterPath, method: HTTPRequest.Method, responder: Responder
    ) -> Self where Responder.Context == CallContext {
      routes.insert("\(method.rawValue) \(path.description)")
      return self
    }

    func add(middleware: any MiddlewareProtocol<Request, Response, CallContext>) -> Self { self }
  }

  @Test("has every route of the collector, and no other") func routes() throws {
    let bench = try Bench()
    let list = RouteList()
    try bench.collector().addRoutes(to: list)
    #expect(list.routes.count > 8)
    #expect(list.routes == Set(OpenAPI.shared.operations.map { "\($0.method) \($0.path)" }))
  }

  @Test("says of each route whether a token is needed, and for what") func security() async throws {
    let bench = try Bench()
    let tokens = [
      "write": try bench.token("ana", [.write]), "read": try bench.token("ria", [.read]),
    ]
    let client = InProcessClient(try bench.collector().router().buildResponder())
    for (method, path, operation) in OpenAPI.shared.operations {
      let uri = path.replacing("{id}", with: StreamID.numbered(1).hex)
        .replacing("{hash}", with: Hash.zero.hex)
      let needed = operation["security"]?.array?.first?["token"]?.texts
      let verb = try #require(HTTPRequest.Method(method))
      func status(_ token: String?) async throws -> Int {
        try await Caller(client: client, token: token).call(verb, uri, method == "POST" ? [] : nil).status
      }
      let bare = try await status(nil)
      #expect((bare == 401) == (needed != nil), "\(method) \(path)")
      for (scope, token) in tokens {
        let isAllowed = needed?.isEmpty ?? true || needed?.contains(RawText(scope)) == true
        let answered = try await status(token)
        #expect((answered == 403) != isAllowed, "\(method) \(path) \(scope)")
      }
    }
  }

  @Test("is a document of OpenAPI 3.1 whose references all lead somewhere") func references() {
    let schema = JSONSchema(document: OpenAPI.shared.document)
    #expect(OpenAPI.shared.document["openapi"] == "3.1.0")
    var looked = 0
    func look(_ value: JSON) {
      if let path = value["$ref"]?.string {
        looked += 1
        #expect(schema.resolved(path) != nil, "\(path)")
      }
      for member in value.members ?? [] { look(member.value) }
      for element in value.array ?? [] { look(element) }
    }
    look(OpenAPI.shared.document)
    #expect(looked > 100)
    let identifiers = OpenAPI.shared.operations.compactMap { $0.operation["operationId"]?.string }
    #expect(Set(identifiers).count == OpenAPI.shared.operations.count)
  }

  @Test("is not met by an answer with another shape, another status or a member that nobody has described")
  func checked() throws {
    let good = Refusal("rate", detail: "too many", retryAfter: 600)
    let name = try #require(HTTPField.Name("mds-collector-id"))
    let fields: HTTPFields = [
      .contentType: "application/json", name: String(repeating: "a", count: 32), .retryAfter: "1",
    ]
    func faults(_ status: Int, _ fields: HTTPFields, _ body: [UInt8], _ uri: String = "/v1/hello") -> [String] {
      OpenAPI.shared.faults(in: InProcessClient.Answer(status: status, headers: fields, body: body), to: "GET", uri)
    }
    #expect(faults(429, fields, good.bytes) == [])
    var without = fields
    without[.retryAfter] = nil
    #expect(faults(429, without, good.bytes) == ["GET /v1/hello 429: the header retry-after is missing"])
    #expect(faults(418, fields, good.bytes) == ["GET /v1/hello answers 418, which is not in the document"])
    #expect(
      faults(429, fields, Array("{\"error\":1,\"more\":2}".utf8)) == [
        "GET /v1/hello 429: $.error is no string", "GET /v1/hello 429: $.more is not in the document",
      ])
    #expect(faults(200, fields, good.bytes).contains("GET /v1/hello 200: $.epoch is missing"))
    #expect(faults(200, fields, good.bytes, "/v1/nowhere") == ["GET /v1/nowhere is not in the document"])
  }
}
