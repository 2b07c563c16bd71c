import Domain
import OpenInference
import Testing
import WireFixtures

@Suite("damaged traffic") struct DamagedTrafficTests {
  @Test("no recorded body, cut or with bytes changed, does more than be read or be refused")
  func damaged() throws {
    var state: UInt64 = 42
    func random(below limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % max(1, limit)
    }
    let interesting = Array("[]{}\",:\\u0-+.eE9NnIt \u{0}".utf8) + [0xFF, 0x80]
    var readable = 0
    for exchange in try WireExchange.all() {
      for half in [exchange.request, exchange.answer] where !half.body.isEmpty && half.body.count < 20_000 {
        let length = half.headers["inference-header-content-length"].flatMap { Int($0) }
        for _ in 0..<12 {
          var body = half.body
          for _ in 0..<(1 + random(below: 4)) {
            body[random(below: body.count)] = interesting[random(below: interesting.count)]
          }
          if random(below: 3) == 0 { body = Array(body.prefix(random(below: body.count))) }
          if (try? InferenceRequest(decoding: body, headerLength: length)) != nil { readable += 1 }
          if (try? InferenceResponse(decoding: body, headerLength: length)) != nil { readable += 1 }
          _ = try? ModelMetadata(decoding: body)
          _ = try? RepositoryIndex(decoding: body)
          #expect(ErrorBody(decoding: body).message.bytes.count <= ErrorBody.longestMessage + 8)
        }
      }
    }
    #expect(readable > 100)
  }
}
