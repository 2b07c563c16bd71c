internal import Compression
internal import Domain
internal import Foundation
internal import HTTPTypes
internal import Testing

@testable internal import EmbeddedService

struct ProtocolTests {
  static let wine: JSON = .object([
    "inputs": [
      .object([
        "name": "input", "datatype": "FP64", "shape": [1, 13],
        "data": [14.13, 4.1, 2.74, 24.5, 96, 2.05, 0.76, 0.56, 1.35, 9.2, 0.61, 1.6, 560],
      ])
    ]
  ])

  @Test("the server says who it is and what it can") func server() async throws {
    let answer = try await Service.shared.get("/v2")
    #expect(answer.status == 200)
    #expect(answer.json["name"] == "mds-service")
    #expect(answer.json["extensions"]?.texts == ["binary_tensor_data", "model_repository"])
  }

  @Test(
    "health and readiness are empty answers",
    arguments: [
      "/v2/health/live", "/v2/health/ready", "/v2/models/wine/ready", "/v2/models/wine/versions/2/ready",
    ])
  func health(path: String) async throws {
    let answer = try await Service.shared.get(path)
    #expect(answer.status == 200)
    #expect(answer.body.isEmpty)
    #expect(answer.header("Content-Type") == nil)
  }

  @Test("metadata carries what a form is made of") func metadata() async throws {
    let service = await Service.shared
    let wine = try await service.get("/v2/models/wine/versions/2").json
    #expect(wine["inputs"]?[0]?["parameters"]?["feature_names"]?[12]?.string == "proline")
    #expect(wine["inputs"]?[0]?["parameters"]?["ranges"]?[0]?.numbers == [11, 14.9])
    #expect(wine["inputs"]?[0]?["parameters"]?["units"]?[0]?.string == "% vol")
    #expect(wine["outputs"]?[0]?["parameters"]?["class_names"]?.texts?.count == 3)
    let cargo = try await service.get("/v2/models/cargo").json
    #expect(cargo["inputs"]?[5]?["parameters"]?["categories"]?.texts == ["intact", "broken", "missing"])
    let shap = try await service.get("/v2/models/wine-shap").json
    #expect(shap["parameters"]?["serves"] == "wine")
    #expect(shap["parameters"]?["role"] == "explainer")
    #expect(shap["inputs"] == wine["inputs"])
  }

  @Test(
    "what is not served is a 404 in MLServer's words",
    arguments: [
      ("/v2/models/nosuch", "Model nosuch not found"), ("/v2/models/nosuch/ready", "Model nosuch not found"),
      ("/v2/models/wine/versions/9", "Model wine with version 9 not found"),
    ])
  func unknown(path: String, message: String) async throws {
    let answer = try await Service.shared.get(path)
    #expect(answer.status == 404)
    #expect(answer.json == .object(["error": .text(message)]))
  }

  @Test("the request's id comes back, in the body and in the headers") func echo() async throws {
    var request = Self.wine.members ?? []
    request.append(.init("id", "sample-3"))
    let answer = try await Service.shared.infer("wine", .object(request))
    #expect(answer.json["id"] == "sample-3")
    #expect(answer.header("Ce-Id") == "sample-3")
    #expect(answer.header("Ce-Requestid") == "sample-3")
    #expect(answer.header("Ce-Modelid") == "wine")
    #expect(answer.header("Ce-Source") == "io.seldon.serving.deployment.mds-service")
  }

  @Test("an id is made where none was sent, another each time") func made() async throws {
    let service = await Service.shared
    let first = try await service.infer("wine", Self.wine).json["id"]?.string
    let second = try await service.infer("wine", Self.wine).json["id"]?.string
    #expect(first?.count == 36)
    #expect(first != second)
  }

  @Test("an id cannot break the headers open") func injection() async throws {
    var request = Self.wine.members ?? []
    request.append(.init("id", "a\r\nX-Evil: 1"))
    let answer = try await Service.shared.infer("wine", .object(request))
    #expect(answer.header("X-Evil") == nil)
    #expect(answer.header("Ce-Id") == "aX-Evil: 1")
    #expect(answer.json["id"] == "a\r\nX-Evil: 1")
  }

  @Test("only the outputs that are asked for come, in their order") func wanted() async throws {
    var request = Self.wine.members ?? []
    request.append(.init("outputs", [.object(["name": "predict_proba"]), .object(["name": "predict"])]))
    let answer = try await Service.shared.infer("wine", .object(request))
    #expect(answer.json["outputs"]?.array?.compactMap { $0["name"]?.string } == ["predict_proba", "predict"])
  }

  @Test("the index lists every model in each role, ready") func index() async throws {
    let answer = try await Service.shared.post("/v2/repository/index", .object([]))
    let rows = try #require(answer.json.array)
    #expect(rows.count == 16)
    #expect(rows.allSatisfy { $0["state"] == "READY" && $0["reason"] == "" })
    #expect(rows.first { $0["name"] == "wine" }?["version"] == "2")
    #expect(rows.contains { $0["name"] == "message-triage-outlier" })
  }

  @Test("the index is also given to who sends no body, as Triton's clients do") func indexWithoutBody() async throws {
    let answer = try await Service.shared.send(.post, "/v2/repository/index", body: [])
    #expect(answer.status == 200)
    #expect(answer.json.array?.count == 16)
  }

  @Test("a body of 500 bytes and more is packed for who takes gzip") func packed() async throws {
    let service = await Service.shared
    let plain = try await service.get("/v2/models/cargo")
    let packed = try await service.get("/v2/models/cargo", headers: ["Accept-Encoding": "deflate, gzip"])
    #expect(plain.header("Content-Encoding") == nil)
    #expect(plain.header("Vary") == "Accept-Encoding")
    #expect(packed.header("Content-Encoding") == "gzip")
    #expect(packed.body.count < plain.body.count)
    #expect(try Gzip.unpacked(packed.body, limit: 1 << 20) == plain.body)
    let small = try await service.get("/v2", headers: ["Accept-Encoding": "gzip"])
    #expect(small.header("Content-Encoding") == nil)
    let refused = try await service.get("/v2/models/cargo", headers: ["Accept-Encoding": "gzip;q=0, identity"])
    #expect(refused.header("Content-Encoding") == nil)
  }

  @Test("a packed request is read; a broken one is a 400") func packedRequest() async throws {
    let service = await Service.shared
    let headers = ["Content-Encoding": "gzip", "Content-Type": "application/json"]
    let path = "/v2/models/wine/infer"
    let packed = try await service.send(
      .post, path, headers: headers, body: Gzip.packed(Self.wine.serialized))
    #expect(packed.status == 200)
    let broken = try await service.send(.post, path, headers: headers, body: Array("not gzip".utf8))
    #expect(broken.status == 400)
    #expect(broken.json["detail"] == "There was an error parsing the body")
  }

  @Test("a packed request may be of several members, and of nothing else") func members() async throws {
    let service = await Service.shared
    let body = Self.wine.serialized
    let twice = Gzip.packed(Array(body[..<40])) + Gzip.packed(Array(body[40...]))
    func status(_ body: [UInt8], _ encoding: String) async throws -> Int {
      try await service.send(
        .post, "/v2/models/wine/infer", headers: ["Content-Encoding": encoding], body: body
      ).status
    }
    #expect(try await status(twice, "gzip") == 200)
    #expect(try await status(Gzip.packed(body), "x-gzip") == 200)
    #expect(try await status(Gzip.packed(body) + [0x61], "gzip") == 400)
  }

  /// Bodies that are no JSON, and the byte where that shows.
  static let unreadable: [(body: [UInt8], offset: Int)] = [
    (Array("hello".utf8), 0), (Array("\u{FEFF}{}".utf8), 0), (Array(#"{"inputs": [{"name":"#.utf8), 20),
    ([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D], 2), ([0x78, 0x9C, 0xAB], 1), (Array("[[[[".utf8), 4),
    (wine.serialized.dropLast(2), wine.serialized.count - 2),
  ]

  @Test("a body that is no JSON is a 422 that says where, as MLServer's", arguments: unreadable.indices)
  func noJSON(index: Int) async throws {
    let (body, offset) = Self.unreadable[index]
    let service = await Service.shared
    for path in ["/v2/models/wine/infer", "/v2/repository/index"] {
      let answer = try await service.send(.post, path, body: body)
      #expect(answer.status == 422)
      #expect(answer.json["detail"]?[0]?["type"] == "json_invalid")
      #expect(answer.json["detail"]?[0]?["loc"] == ["body", .integer(Int64(offset))])
    }
  }

  @Test("a long id comes back in the body, not in headers that clients cannot read") func longID() async throws {
    var request = Self.wine.members ?? []
    let id = String(repeating: "a", count: 100_000)
    request.append(.init("id", .text(id)))
    let answer = try await Service.shared.infer("wine", .object(request))
    #expect(answer.json["id"]?.string == id)
    #expect(answer.header("Ce-Id") == nil)
    #expect(answer.header("Ce-Modelid") == "wine")
  }

  @Test("a body over the limit is refused, also one that only unpacks to it") func limit() async throws {
    let models = Fixtures.root.appending(path: "models")
    let service = Service(responder: await EmbeddedService.responder(models: models, bodyLimit: 10_000))
    let spaces = Self.wine.serialized + Array(repeating: 0x20, count: 20_000)
    let plain = try await service.send(.post, "/v2/models/wine/infer", body: spaces)
    #expect(plain.status == 413)
    #expect(plain.error == "the body is larger than 10000 bytes")
    let packed = try await service.send(
      .post, "/v2/models/wine/infer", headers: ["Content-Encoding": "gzip"], body: Gzip.packed(spaces))
    #expect(packed.status == 413)
  }
}
