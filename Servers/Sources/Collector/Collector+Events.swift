internal import Compression
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import SyncProtocol

/// The researchers' tail of the log, one JSON object a line, and colleagues' judgements for analysts.
extension Collector {
  func addEvents(to router: some RouterMethods<CallContext>) {
    router.get("/v1/events") { request, context in
      // Everybody's words are for researchers; one's own, from one's other devices, are for the analyst as well.
      let isMine = request.uri.queryParameters["mine"] == "1"
      let token = try context.token(for: isMine ? nil : .read)
      let question = try question(request, token)
      // Written down before it is given away; counted once it is, or a write that fails would be the last.
      if !isMine {
        if tally.isFirst(of: token) { try await AuditBook(database).noteRead(by: token, after: question.after.text) }
        tally.read(by: token)
      }
      let page = try await log.page(question)
      var bytes: [UInt8] = []
      for entry in page.entries { bytes += entry.bytes + [0x0A] }
      var response = Response(status: .ok, headers: [.contentType: "application/jsonl", .vary: "accept-encoding"])
      if Gzip.isAccepted(by: request.headers[.acceptEncoding] ?? "") {
        bytes = Gzip.packed(bytes)
        response.headers[.contentEncoding] = "gzip"
      }
      response.body = ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
      if let name = HTTPField.Name("mds-next-cursor") { response.headers[name] = page.next.text }
      return response
    }
  }

  private func question(_ request: Request, _ token: TokenRecord) throws -> LogReader.Question {
    var question = LogReader.Question()
    let parameters = request.uri.queryParameters
    if let text = parameters["after"] {
      guard let cursor = LogCursor(text: String(text)) else { throw Refused(WireError("after is no cursor")) }
      question.after = cursor
    }
    if let text = parameters["limit"] {
      guard let limit = Int(text), (1...5000).contains(limit) else {
        throw Refused(WireError("limit is a number from 1 to 5000"))
      }
      question.limit = limit
    }
    question.kinds = (parameters["kind"] ?? "").split(separator: ",").map(String.init)
    guard question.kinds.count <= 50 else { throw Refused(WireError("kind names at most 50 kinds")) }
    if let text = parameters["held"] {
      // By stream, not by token: a ledger that was put back lacks what it sent itself, and two devices may share a token.
      let held = text.split(separator: ",").map { HeldStream(text: $0) }
      guard held.count <= HeldStream.limit, !held.contains(nil) else {
        throw Refused(WireError("held is a list of up to \(HeldStream.limit) STREAM:SEQ with commas between"))
      }
      question.held = held.compactMap { $0 }
    }
    let (others, mine) = (try flag("others", request), try flag("mine", request))
    if parameters["held"] == nil, others || mine { question.without = token.id }
    if mine { question.analyst = token.analyst }
    question.refusesBeyondEnd = parameters["held"] == nil && question.without == nil
    question.everything = try flag("all", request)
    question.redacted = try flag("redacted", request)
    return question
  }

  /// A parameter that is 1 or not there: of what means something else nobody is to believe that it was heard.
  private func flag(_ name: String, _ request: Request) throws -> Bool {
    guard let text = request.uri.queryParameters[name[...]] else { return false }
    guard text == "1" else { throw Refused(WireError("\(name) is 1, or is not given")) }
    return true
  }
}
