import Domain
import OpenInference
import Testing
import WireFixtures

@Suite("server-sent events") struct ServerSentEventsTests {
  typealias Event = ServerSentEvents.Event

  /// The events of a text that comes in pieces of so many bytes.
  private func events(_ bytes: [UInt8], by size: Int) throws -> [Event] {
    var parser = ServerSentEvents()
    var events: [Event] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
      events += try parser.take(Array(bytes[start..<min(start + size, bytes.count)]))
    }
    return events
  }

  private func event(_ data: String, type: RawText = "message", id: RawText = "") -> Event {
    Event(type: type, data: Array(data.utf8), id: id)
  }

  /// The examples of the standard, and what its rules say where it has none.
  static let examples: [(String, [(data: String, type: String, id: String)])] = [
    ("data: YHOO\ndata: +2\ndata: 10\n\n", [("YHOO\n+2\n10", "message", "")]),
    (
      ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
      [("first event", "message", "1"), ("second event", "message", ""), (" third event", "message", "")]
    ),
    ("data\n\ndata\ndata\n\ndata:", [("", "message", ""), ("\n", "message", "")]),
    ("data:test\n\ndata: test\n\n", [("test", "message", ""), ("test", "message", "")]),
    ("event: add\ndata: 1\n\ndata: 2\n\n", [("1", "add", ""), ("2", "message", "")]),
    ("event: lost\n\ndata: 2\n\n", [("2", "message", "")]),
    ("id: 7\n\nid: a\0b\ndata: x\n\n", [("x", "message", "7")]),
    ("retry: 10\nunknown: y\nDATA: no\ndata: yes\n\n", [("yes", "message", "")]),
    ("\u{FEFF}data: after a mark\n\n\u{FEFF}data: no field\n\n", [("after a mark", "message", "")]),
    ("data: a:b: c\n\n", [("a:b: c", "message", "")]),
    ("data: ж漢😀\n\n", [("ж漢😀", "message", "")]), ("\n\n\n", []), ("data: cut off\n", []), ("", []),
  ]

  @Test("reads as the standard says, with each kind of line end, parted anywhere", arguments: examples)
  func rules(text: String, wanted: [(data: String, type: String, id: String)]) throws {
    let expected = wanted.map { event($0.data, type: RawText($0.type), id: RawText($0.id)) }
    for ending in ["\n", "\r\n", "\r"] {
      let bytes = Array(text.utf8).flatMap { $0 == 0x0A ? Array(ending.utf8) : [$0] }
      for size in [1, 2, 3, 5, 7, max(1, bytes.count)] {
        #expect(try events(bytes, by: size) == expected, "\(ending.debugDescription) by \(size)")
      }
    }
  }

  @Test("CR, LF and CR LF may change from line to line")
  func mixed() throws {
    #expect(try events(Array("data: a\rdata: b\r\ndata: c\n\r\n".utf8), by: 1) == [event("a\nb\nc")])
    #expect(try events(Array("data: a\r\r\ndata: b\r\n\n".utf8), by: 2) == [event("a"), event("b")])
  }

  @Test("an event ends with its empty line, not with the byte after it")
  func prompt() throws {
    var parser = ServerSentEvents()
    #expect(try parser.take(Array("data: x\r\r".utf8)) == [event("x")])
    #expect(!parser.isUnfinished)
    #expect(try parser.take(Array("\ndata: y".utf8)).isEmpty && parser.isUnfinished)
  }

  @Test("bytes that are no UTF-8 stay as they are")
  func invalid() throws {
    let events = try events(Array("data: ".utf8) + [0xFF, 0xC3] + Array("\n\n".utf8), by: 1)
    #expect(events == [Event(data: [0xFF, 0xC3])])
  }

  @Test("an event, a line without an end or a comment of more bytes than the limit is refused, not gathered")
  func limit() throws {
    for text in ["data: 123456789", ": 1234567890123", "data: 1234\ndata: 567890", "1234567890123456"] {
      var parser = ServerSentEvents(limit: 14)
      #expect(throws: OpenInferenceError(.eventTooLarge(limit: 14)), "\(text)") {
        _ = try parser.take(Array(text.utf8))
      }
    }
    var late = ServerSentEvents(limit: 14)
    #expect(try late.take(Array("data: 1\n\ndata: 123456789".utf8)) == [event("1")])
    #expect(throws: OpenInferenceError(.eventTooLarge(limit: 14))) { try late.take([]) }
    var parser = ServerSentEvents(limit: 14)
    for _ in 0..<100 { #expect(try parser.take(Array("data: 12345\n\n: k\n".utf8)).count == 1) }
  }

  @Test(
    "recorded streams of MLServer and Triton come out whole, however they are parted",
    arguments: [
      ("mlserver/200-pw0-infer_stream", ["one", "two", "three"]),
      ("mlserver/200-pw0-generate_stream", ["one", "two", "three"]),
      ("mlserver/099-generate-stream", ["one two three"]),
      ("triton/124-generate-stream", ["THE", "QUICK", "BROWN", "FOX"]),
    ])
  func recorded(name: String, words: [RawText]) throws {
    let body = try WireExchange.named(name).answer.body
    for size in [1, 100, body.count] {
      let texts = try events(body, by: size).map { event in
        try InferenceResponse(decodingPiece: event.data).outputs.first?.texts?.first ?? nil
      }
      #expect(texts == words, "by \(size)")
    }
  }
}

@Suite("generate messages") struct GenerateMessageTests {
  @Test("a request is one object of plain members, an element alone where a tensor has one")
  func request() throws {
    let request = InferenceRequest(
      id: "g1", parameters: [JSON.Member("max_tokens", 2)],
      inputs: [
        Tensor(name: "text_input", datatype: .bytes, shape: [1], elements: .bytes(["a \"b\""])),
        Tensor(name: "stop", datatype: .bytes, shape: [2], elements: .bytes(["x", "y"])),
        Tensor(name: "stream", datatype: .bool, shape: [1], elements: .bool([true])),
        Tensor(name: "seed", datatype: .uint64, shape: [1], elements: .unsigned([.max])),
      ])
    let body = try GenerateMessage.encoded(request).body
    #expect(
      String(decoding: body, as: UTF8.self)
        == #"{"id":"g1","text_input":"a \"b\"","stop":["x","y"],"stream":true,"seed":18446744073709551615,"parameters":{"max_tokens":2}}"#
    )
    for elements: Tensor.Elements in [.double([.infinity]), .single([.nan]), .bytes([RawText(bytes: [0xFF])])] {
      let datatype: Datatype = if case .bytes = elements { .bytes } else { .fp64 }
      let tensor = Tensor(name: "x", datatype: datatype, shape: [1], elements: elements)
      #expect(throws: OpenInferenceError.self) { try GenerateMessage.encoded(InferenceRequest(inputs: [tensor])) }
    }
  }

  @Test("an answer's members are outputs: of the declared type, else of the one that they show")
  func answer() throws {
    let text =
      #"{"id":"g1","model_name":"m","model_version":"1","text":"a","n":[1,2],"p":0.5,"ok":true,"x":{},"#
      + #""score":7,"sequence_id":3}"#
    let specs = [TensorSpec(name: "score", datatype: .fp32, shape: [1])]
    let response = try GenerateMessage.response(decoding: Array(text.utf8), outputs: specs)
    #expect(response.modelName == "m" && response.modelVersion == "1" && response.id == "g1")
    #expect(response.outputs.map(\.name) == ["text", "n", "p", "ok", "score"])
    #expect(
      response.outputs.map(\.elements) == [
        .bytes(["a"]), .signed([1, 2]), .double([0.5]), .bool([true]), .single([7]),
      ])
    #expect(response[parameter: "sequence_id"] == 3)
  }

  @Test("an error in a success is refused with its words, and what is no answer as well")
  func refused() throws {
    let many = try WireExchange.named("triton/125-err-generate-many").answer.body
    let error = #expect(throws: OpenInferenceError.self) { try GenerateMessage.response(decoding: many) }
    guard case .failed(let words) = error?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(words.string.hasPrefix("generate expects model to produce exactly 1 response"))
    for text in ["{}", "[]", "", #"{"id":"x"}"#, #"{"text":"a"} x"#, #"{"text":"#] {
      #expect(throws: OpenInferenceError.self, "\(text)") {
        try GenerateMessage.response(decoding: Array(text.utf8))
      }
    }
  }
}
