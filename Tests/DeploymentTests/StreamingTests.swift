import Deployment
import Domain
import OpenInference
import Synchronization
import Testing
import Transport
import WireFixtures

@Suite("answers in pieces", .timeLimit(.minutes(1))) struct StreamingTests {
  let call = Samples.call

  @Test("MLServer's events are pieces of one answer")
  func mlserver() async throws {
    let bytes = try WireExchange.named("mlserver/200-pw0-infer_stream").answer.bytes
    try await withService(options: InferenceOptions(kind: .mlserver), { _ in bytes }) { service, server in
      let (pieces, error) = await Words.read(service)
      #expect(error == nil && pieces.map(\.text) == ["one", "two", "three"])
      #expect(pieces.map(\.version) == ["1", "1", "1"])
      #expect(pieces.allSatisfy { $0.outputs.map(\.name) == ["text"] })

      let sent = try #require(server.requests.first)
      #expect(server.requests.count == 1)
      #expect(sent.line == "POST /v2/models/words/infer_stream HTTP/1.1")
      #expect(sent.headers["x-request-id"] == "0190-call" && sent.headers["traceparent"] != nil)
      #expect(sent.headers["accept"] == "text/event-stream, application/json")
      // A packed answer would be held back until all of it is there.
      #expect(sent.headers["accept-encoding"] == nil)
      let request = try InferenceRequest(decoding: sent.body)
      #expect(request.id == "0190-call" && request.inputs[0].texts == ["one two three"])
    }
  }

  @Test("Triton's pieces are plain members, and so is what it is asked")
  func triton() async throws {
    let bytes = try WireExchange.named("triton/124-generate-stream").answer.bytes
    try await withService(options: InferenceOptions(kind: .triton), { _ in bytes }) { service, server in
      let (pieces, error) = await Words.read(
        service, signature: Words.triton, input: "text_input", parameters: [JSON.Member("temperature", 0.2)])
      #expect(error == nil && pieces.map(\.text) == ["THE", "QUICK", "BROWN", "FOX"])
      let sent = try #require(server.requests.first)
      #expect(sent.line == "POST /v2/models/words/generate_stream HTTP/1.1")
      #expect(
        text(sent.body)
          == #"{"id":"0190-call","text_input":"one two three","parameters":{"temperature":0.2,"stream":true}}"#)
    }
  }

  @Test("what is not known to be Triton is asked for its name once, then for an answer in Triton's way")
  func askedForItsName() async throws {
    let bytes = try WireExchange.named("triton/124-generate-stream").answer.bytes
    let metadata = try WireExchange.named("triton/001-server-metadata").answer.bytes
    try await withService({ $0.line.hasPrefix("GET") ? metadata : bytes }) { service, server in
      for _ in 0..<2 {
        #expect(await Words.read(service, signature: Words.triton, input: "text_input").pieces.count == 4)
      }
      #expect(server.requests.map { Words.path($0) } == ["/v2", "generate_stream", "generate_stream"])
    }
  }

  @Test("a service that does not stream is asked for the whole, which is the only piece", arguments: [404, 405, 501])
  func whole(status: Int) async throws {
    let plain = try WireExchange.named("mlserver/098-generate").answer.bytes
    try await withService({ request in
      request.line.contains("/infer ") ? plain : ScriptedServer.response("no", status: status)
    }) { service, server in
      let (pieces, error) = await Words.read(service)
      #expect(error == nil && pieces.map(\.text) == ["one two three"])
      #expect(server.requests.map { Words.path($0) } == ["/v2", "infer_stream", "generate_stream", "infer"])
    }
  }

  @Test("a model that is nowhere is refused in the words of the first answer")
  func nowhere() async throws {
    try await withService({ request in
      ScriptedServer.response(#"{"error":"no \#(Words.path(request))"}"#, status: 404)
    }) { service, _ in
      let error = await Words.read(service).error
      #expect(error?.reason == .status(404, message: "no infer_stream"))
      #expect(error?.problem.summary == "The service has no words: 404.")
    }
  }

  @Test("any other refusal is one, and nothing is sent again", arguments: [400, 422, 500, 503])
  func refused(status: Int) async throws {
    try await withService(
      options: InferenceOptions(kind: .mlserver),
      { _ in
        ScriptedServer.response("Internal Server Error", status: status, headers: ["content-type": "text/plain"])
      }
    ) { service, server in
      let (pieces, error) = await Words.read(service)
      #expect(pieces.isEmpty && error?.reason == .status(status, message: "Internal Server Error"))
      #expect(error?.problem.summary.contains("\(status)") == true && server.requests.count == 1)
    }
  }

  @Test("pieces are given as they come, not when all of them are there")
  func asTheyCome() async throws {
    let read = Mutex(0)
    try await withScript(options: InferenceOptions(kind: .mlserver)) { _, send in
      guard send(Words.head) else { return false }
      for index in 0..<20 {
        // The next leaves once the reader has the last.
        while read.withLock({ $0 < index }) { Words.pause() }
        guard send(Words.chunk(Words.event("\(index) "))) else { return false }
      }
      return send(Words.end)
    } _: { service, _ in
      let (pieces, error) = await Words.read(service) { read.withLock { $0 += 1 } }
      #expect(error == nil && pieces.count == 20)
      #expect(zip(pieces, pieces.dropFirst()).allSatisfy { $0.milliseconds <= $1.milliseconds })
      var gathered = GatheredAnswer()
      for piece in pieces { gathered.take(piece) }
      let prediction = gathered.prediction(of: ModelID("words"), signature: Words.signature, call: Samples.call)
      let whole = RawText((0..<20).map { "\($0) " }.joined())
      #expect(prediction?.outputs.first?.texts == [whole] && prediction?.outputs.first?.shape == [1, 1])
      #expect(prediction?.model == ModelID("words", version: "1") && prediction?.requestID == "0190-call")
    }
  }

  /// What breaks an answer after its first piece, and what is said of it.
  static let breaks: [(String, [UInt8], DeploymentError.Interruption?, String)] = [
    (
      "an error as data", Words.chunk(#"data: {"error":"out of tokens"}"# + "\n\n") + Words.end,
      .failed("out of tokens"), "words answered 200 and failed after 1 piece: out of tokens"
    ),
    (
      "an error event", Words.chunk("event: error\ndata: gone\n\n") + Words.end, .failed("gone"),
      "words answered 200 and failed after 1 piece: gone"
    ),
    (
      "no message", Words.chunk("data: <html>\n\n") + Words.end,
      .unreadable(OpenInferenceError(.expected("an object"))),
      "The answer of words cannot be read after 1 piece: an object is expected."
    ),
    (
      "an event that does not end", Words.chunk("data: {\"model_name\":") + Words.end, .unfinished,
      "The answer of words ended after 1 piece in the middle of the next."
    ),
    (
      "a huge event", Words.chunk("data: " + String(repeating: "x", count: 5000)),
      .unreadable(OpenInferenceError(.eventTooLarge(limit: 4096))),
      "The answer of words cannot be read after 1 piece: an event is larger than 4096 bytes."
    ),
    ("a lost connection", [], nil, "The answer of words broke off after 1 piece. The connection to "),
  ]

  @Test("an answer that breaks off keeps what came, and says where it broke and why", arguments: breaks)
  func broken(
    name: String, rest: [UInt8], interruption: DeploymentError.Interruption?, summary: String
  ) async throws {
    var options = InferenceOptions(kind: .mlserver)
    options.eventLimit = 4096
    try await withScript(options: options) { _, send in
      _ = send(Words.head + Words.chunk(Words.event("one")) + rest)
      return false
    } _: { service, _ in
      let (pieces, error) = await Words.read(service)
      #expect(pieces.map(\.text) == ["one"])
      let problem = try #require(error?.problem)
      #expect(problem.summary.hasPrefix(summary), "\(problem.summary)")
      #expect(problem.advice.hasPrefix("What came before stays."))
      if let interruption { #expect(error?.reason == .interrupted(pieces: 1, by: interruption)) }
    }
  }

  @Test("an error before the first piece is told as such, also in a success without events")
  func failedAtOnce() async throws {
    for answer in [
      Words.head + Words.chunk(#"data: {"error":"no"}"# + "\n\n") + Words.end,
      ScriptedServer.response(#"{"error":"no"}"#),
    ] {
      try await withService(options: InferenceOptions(kind: .mlserver), { _ in answer }) { service, _ in
        let problem = try #require(await Words.read(service).error?.problem)
        #expect(problem.summary == "words answered 200 and failed: no" && !problem.advice.contains("What came"))
      }
    }
  }

  @Test("silence ends an answer, and so does a byte now and then", arguments: [false, true])
  func stalled(drips: Bool) async throws {
    var options = InferenceOptions(kind: .mlserver)
    options.streamStall = .milliseconds(drips ? 120 : 60)
    try await withScript(options: options) { _, send in
      guard send(Words.head + Words.chunk(Words.event("one"))) else { return false }
      guard drips else { return true }
      while send(Words.chunk("d")) { Words.pause() }
      return false
    } _: { service, server in
      let (pieces, error) = await Words.read(service)
      #expect(pieces.map(\.text) == ["one"])
      let late = TransportError.timedOut(phase: .receiving, after: options.streamStall, origin: server.base)
      #expect(error?.reason == .interrupted(pieces: 1, by: .transport(late)))
      #expect(error?.isUnreachable == true)
    }
  }

  @Test("cancelling frees the reader at once and hangs up")
  func cancelled() async throws {
    let hasHungUp = Mutex(false)
    let first = AsyncStream<Void>.makeStream()
    try await withScript(options: InferenceOptions(kind: .mlserver)) { _, send in
      guard send(Words.head + Words.chunk(Words.event("one"))) else { return false }
      while send(Words.chunk(": still here\n")) { Words.pause() }
      hasHungUp.withLock { $0 = true }
      return false
    } _: { service, _ in
      let task = Task { await Words.read(service) { first.continuation.yield() } }
      for await _ in first.stream { break }
      task.cancel()
      let (pieces, error) = await task.value
      #expect(pieces.map(\.text) == ["one"] && error?.isCancellation == true)
      while !hasHungUp.withLock({ $0 }) { await Task.yield() }
    }
  }

  @Test("a text of several rows is shown line by line, and what is no text stays in the outputs")
  func rows() async throws {
    let body =
      #"{"model_name":"words","outputs":[{"name":"score","shape":[1],"datatype":"FP32","data":[0.5]},"#
      + #"{"name":"text","shape":[2,1],"datatype":"BYTES","data":["a","b"]}]}"#
    try await withService(options: InferenceOptions(kind: .mlserver), { _ in ScriptedServer.response(body) }) {
      service, _ in
      let (pieces, _) = await Words.read(service)
      #expect(pieces.map(\.text) == ["a\nb"] && pieces.first?.outputs.count == 2)
    }
  }

  @Test("a model that answers in pieces only says how to ask it")
  func decoupled() async throws {
    try await withRecording("triton/128-err-infer-decoupled") { service, _ in
      let error = await deploymentError {
        _ = try await service.infer(
          ModelID("generate_text"), record: Words.record("text_input"),
          signature: Signature(inputs: [], outputs: []), call: call)
      }
      #expect(error?.problem.summary == "The service does not answer this way for generate_text: 501.")
      #expect(error?.problem.advice.contains("`mds generate generate_text`, or s in its form") == true)
    }
  }
}
