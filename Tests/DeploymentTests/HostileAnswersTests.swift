import Deployment
import Domain
import OpenInference
import Synchronization
import Testing
import Transport
import WireFixtures

/// One way to answer badly, and what the analyst is told.
struct HostileAnswer: Sendable, CustomTestStringConvertible {
  var name: String
  /// A part of what happened, with where and the limit that was crossed.
  var summary: String
  /// A part of what helps.
  var advice: String
  /// The deadline, where the answer has no end.
  var milliseconds: Int?
  var script: ScriptedServer.Script

  var testDescription: String { name }

  init(
    _ name: String, _ summary: String, _ advice: String, within: Int? = nil, _ script: @escaping ScriptedServer.Script
  ) {
    (self.name, self.summary, self.advice, milliseconds, self.script) = (name, summary, advice, within, script)
  }

  /// The whole response; the connection goes on.
  init(_ name: String, _ summary: String, _ advice: String, _ bytes: [UInt8]) {
    self.init(name, summary, advice) { _, send in send(bytes) }
  }

  init(_ name: String, _ summary: String, _ bytes: [UInt8]) {
    self.init(name, summary, "the detail shows what came back", bytes)
  }
}

@Suite("hostile answers", .timeLimit(.minutes(2))) struct HostileAnswersTests {
  static func body(_ outputs: String) -> String { #"{"model_name":"wine","outputs":\#(outputs)}"# }

  static func output(shape: String, data: String = "1", datatype: String = "FP32") -> [UInt8] {
    ScriptedServer.response(
      body(#"[{"name":"y","datatype":"\#(datatype)","shape":\#(shape),"data":[\#(data)]}]"#))
  }

  static let good = output(shape: "[1,1]")

  static let json = ["content-type": "application/json"]

  static func binary(headerLength: String) -> [UInt8] {
    let header = body(#"[{"name":"y","datatype":"FP32","shape":[1],"parameters":{"binary_data_size":4}}]"#)
    return ScriptedServer.response(
      Array(header.utf8) + [0, 0, 128, 63], status: 200,
      headers: ["content-type": "application/octet-stream", "Inference-Header-Content-Length": headerLength])
  }

  /// A head that announces so many bytes, and a body of others.
  static func announcing(_ length: Int, _ body: String) -> [UInt8] {
    Array("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nContent-Length: \(length)\r\n\r\n\(body)".utf8)
  }

  /// 1 GiB of zeros in about 1 MiB: one gzip member of 16 MiB, 64 times.
  static let bomb: [UInt8] = {
    let member = Gzip.compress([UInt8](repeating: 0, count: 16 << 20)) ?? []
    let body = (0..<64).flatMap { _ in member }
    return ScriptedServer.response(body, status: 200, headers: ["content-encoding": "gzip"])
  }()

  static let late = "Waiting was stopped here; the service may still work on it."
  static let less = "Ask for fewer rows at a time"

  static let answers: [HostileAnswer] = [
    HostileAnswer("a gzip bomb of 1 GiB", "is larger than the limit of 32 MiB", less, bomb),
    HostileAnswer("a body announced larger than the limit", "is larger than the limit of 32 MiB", less) { _, send in
      send(announcing(1 << 40, "{"))
    },
    HostileAnswer("a body a byte at a time", "within 250 ms (receiving the answer)", late, within: 250) { _, send in
      guard send(announcing(1_000_000, "")) else { return false }
      while send([0x20]) { Words.pause() }
      return false
    },
    HostileAnswer("a head a byte at a time", "within 250 ms (waiting for", late, within: 250) { _, send in
      guard send(Array("HTTP/1.1 200 OK\r\nX-Slow: ".utf8)) else { return false }
      while send([0x61]) { Words.pause() }
      return false
    },
    HostileAnswer("a head without an end", "The headers of", "") { _, send in
      guard send(Array("HTTP/1.1 200 OK\r\n".utf8)) else { return false }
      while send(Array("X-More: \(String(repeating: "m", count: 1000))\r\n".utf8)) {}
      return false
    },
    HostileAnswer("a body that stands still", "within 250 ms (receiving the answer)", late, within: 250) { _, send in
      send(announcing(100, body("[")))
    },
    HostileAnswer("no answer", "within 250 ms (waiting for the first byte", late, within: 250) { _, _ in true },
    HostileAnswer(
      "a page", "A web page came in place of the answer of wine.", "A proxy or a login page may stand before",
      ScriptedServer.response("<html><title>Sign in</title></html>", headers: ["content-type": "text/html"])),
    HostileAnswer(
      "a page that fails", "A web page came in place of the answer of wine: 500", "It is not the model's own word",
      ScriptedServer.response("<html>Oops</html>", status: 500, headers: ["content-type": "text/html"])),
    HostileAnswer("cut JSON", "cannot be read: no JSON: ", ScriptedServer.response(String(body("[{\"na").dropLast()))),
    HostileAnswer("a length too long", "was lost", "What is in the ledger is here without it") { _, send in
      _ = send(announcing(1000, body("[]")))
      return false
    },
    HostileAnswer("a length too short", "cannot be read: no JSON: ", announcing(10, body("[]"))),
    HostileAnswer(
      "a header length past the body", "Inference-Header-Content-Length should be 0 to ",
      binary(headerLength: "99999")),
    HostileAnswer("a header length of words", "a number of bytes is expected", binary(headerLength: "many")),
    HostileAnswer("a negative header length", "a number of bytes is expected", binary(headerLength: "-1")),
    HostileAnswer("a header length in the middle", "cannot be read: no JSON: ", binary(headerLength: "20")),
    HostileAnswer("a header length of nothing", "cannot be read: no JSON: ", binary(headerLength: "0")),
    HostileAnswer(
      "a shape that overflows", "outputs[0].shape: more than 32000000", less,
      output(shape: "[4611686018427387904,4611686018427387904]")),
    HostileAnswer("a shape of billions", "outputs[0].shape: more than 32000000", less, output(shape: "[4000000000]")),
    HostileAnswer("a negative extent", "outputs[0].shape[0]: a whole number from 0 is expected", output(shape: "[-1]")),
    HostileAnswer("an extent too large for any number", "outputs[0].shape[0]", output(shape: "[1e40]")),
    HostileAnswer("fewer elements than the shape", "outputs[0].data: 1 elements for shape [7]", output(shape: "[7]")),
    HostileAnswer(
      "lists without an end", "nested deeper than 32", less,
      output(shape: "[1]", data: String(repeating: "[", count: 100_000))),
    HostileAnswer(
      "members without an end", "nested deeper than 32", less,
      ScriptedServer.response(#"{"x":"# + String(repeating: #"{"x":"#, count: 100_000))),
    HostileAnswer(
      "100,000 outputs", "outputs: more than 10000", less,
      ScriptedServer.response(
        body(
          "[" + String(repeating: #"{"name":"y","datatype":"BOOL","shape":[1],"data":[true]},"#, count: 100_000) + "0]")
      )),
    HostileAnswer(
      "a number too large for its type", "outputs[0].data[0]: 300 does not fit INT8",
      output(shape: "[1]", data: "300", datatype: "INT8")),
    HostileAnswer(
      "a type that is none", "outputs[0].datatype: no such datatype: FP128",
      output(shape: "[1]", datatype: "FP128")),
    HostileAnswer("bytes at random", "cannot be read", ScriptedServer.response([0, 255, 1, 254], headers: json)),
    HostileAnswer("nothing", "cannot be read: no JSON: ", ScriptedServer.response("")),
    HostileAnswer(
      "a success that failed", "cannot be read: out of memory",
      ScriptedServer.response(#"{"error":"out of memory"}"#)),
  ]

  @Test("each ends in a problem that says what, where and what helps; the next request works", arguments: answers)
  func refused(_ answer: HostileAnswer) async throws {
    var options = InferenceOptions(kind: .mlserver)
    options.answerLimit = 32 << 20
    if let milliseconds = answer.milliseconds { options.inferenceDeadline = .milliseconds(milliseconds) }
    let isFirst = Mutex(true)
    try await withScript(options: options) { request, send in
      let hostile = isFirst.withLock { isFirst in
        defer { isFirst = false }
        return isFirst
      }
      return hostile ? answer.script(request, send) : send(Self.good)
    } _: { service, _ in
      let error = await deploymentError { _ = try await Self.infer(service) }
      let problem = try #require(error?.problem)
      #expect(problem.summary.contains(answer.summary), "\(problem.summary)")
      #expect(problem.advice.contains(answer.advice), "\(problem.advice)")
      #expect(problem.detail.hasPrefix("POST …/v2/models/wine/infer"), "\(problem.detail)")
      let next = try await Self.infer(service)
      #expect(next.label == "1")
    }
  }

  static func infer(_ service: InferenceService) async throws -> Prediction {
    try await service.infer(
      ModelID("wine"), record: Samples.wineRecord(), signature: Signature(inputs: [], outputs: []),
      call: Samples.call)
  }

  @Test("what is odd and still an answer is read exactly")
  func odd() async throws {
    let cases: [(String, Tensor.Elements)] = [
      (
        #"{"name":"y","datatype":"INT64","shape":[2],"data":[9007199254740993,-9007199254740993]}"#,
        .signed([9_007_199_254_740_993, -9_007_199_254_740_993])
      ),
      (
        #"{"name":"y","datatype":"FP64","shape":[3],"data":[Infinity,-Infinity,1e400]}"#,
        .double([.infinity, -.infinity, .infinity])
      ),
      (#"{"name":"y","name":"z","datatype":"BOOL","shape":[1],"data":[true],"data":[false]}"#, .bool([true])),
    ]
    for (output, elements) in cases {
      try await withService({ _ in ScriptedServer.response(Self.body("[\(output)]")) }) { service, _ in
        let prediction = try await Self.infer(service)
        #expect(prediction.outputs.map(\.name) == ["y"] && prediction.outputs.first?.elements == elements)
      }
    }
    let nan = #"{"name":"y","datatype":"FP32","shape":[3],"data":[NaN,null,1]}"#
    try await withService({ _ in ScriptedServer.response(Self.body("[\(nan)]")) }) { service, _ in
      let numbers = try await Self.infer(service).outputs.first?.numbers ?? []
      #expect(numbers.map(\.isNaN) == [true, true, false])
    }
    let stray =
      Array(#"{"outputs":[{"name":"y","datatype":"BYTES","shape":[1],"data":["a"#.utf8) + [0xFF, 0xC3]
      + Array(#"b"]}]}"#.utf8)
    try await withService({ _ in ScriptedServer.response(stray, headers: Self.json) }) { service, _ in
      let text = try await Self.infer(service).outputs.first?.texts?.first
      #expect(text == RawText(bytes: [0x61, 0xFF, 0xC3, 0x62]))
    }
  }

  @Test("a million numbers go and come back exactly, as JSON and as binary data", arguments: [false, true])
  func million(isBinary: Bool) async throws {
    let values = (0..<1_000_000).map { Float($0) / 7 }
    let extensions = isBinary ? #"["binary_tensor_data"]"# : "[]"
    try await withService({ request in
      guard request.line.hasPrefix("POST") else {
        return ScriptedServer.response(#"{"name":"x","version":"1","extensions":\#(extensions)}"#)
      }
      let length = request.headers["inference-header-content-length"].flatMap { Int($0) }
      guard let decoded = try? InferenceRequest(decoding: request.body, headerLength: length),
        let message = try? InferenceResponse(modelName: "wine", outputs: decoded.inputs).encoded(for: decoded)
      else { return nil }
      var headers = ["content-type": message.contentType]
      if let length = message.headerLength { headers["Inference-Header-Content-Length"] = "\(length)" }
      return ScriptedServer.response(message.body, status: 200, headers: headers)
    }) { service, server in
      let tensor = Tensor(name: "x", datatype: .fp32, shape: [1, 1_000_000], elements: .single(values))
      let prediction = try await service.infer(
        ModelID("wine"), record: Record(tensors: [tensor]), signature: Signature(inputs: [], outputs: []),
        call: Samples.call)
      #expect(prediction.outputs.first?.elements == .single(values))
      let sent = server.requests.last?.headers["content-type"]
      #expect(sent == (isBinary ? "application/octet-stream" : "application/json"))
    }
  }
}
