internal import Domain
public import Feedback
public import SyncProtocol
public import Transport

/// A collector over HTTP: one question, one answer.
public struct CollectorClient: Sendable {
  /// Without a slash at its end.
  public let address: String
  private let transport: Transport
  /// From the question to the last byte of the answer.
  private let deadline: Duration

  /// Throws where the address is no URL; plain http to another machine is refused by the first question.
  public init(
    address: String, transport: Transport, deadline: Duration = .seconds(30)
  ) throws(CollectorFailure) {
    do {
      _ = try URLParts(address)
    } catch {
      throw .unusable(error.description)
    }
    self.address = URLParts.withoutEndingSlashes(address)
    self.transport = transport
    self.deadline = deadline
  }

  public func hello() async throws(CollectorFailure) -> Hello { try await ask("GET", "/v1/hello").message() }

  /// Says who this device is; the token says whose it is.
  public func enrol(_ enrolment: Enrolment) async throws(CollectorFailure) -> Enrolled {
    try await ask("POST", "/v1/enrol", enrolment.bytes).message()
  }

  public func open(_ opening: StreamOpening) async throws(CollectorFailure) -> StreamHead {
    try await ask("POST", "/v1/streams", opening.bytes).message()
  }

  public func hashes(of stream: StreamID, at places: [Int]) async throws(CollectorFailure) -> StreamHashes {
    let at = places.map(String.init).joined(separator: ",")
    return try await ask("GET", "/v1/streams/\(stream.hex)/hashes?at=\(at)").message()
  }

  /// What became of a batch.
  public enum Pushed: Hashable, Sendable {
    case answered(BatchAnswer)
    case diverged(Lineage)
  }

  /// Offers a batch, which may have been written out before; the second number is how many bytes it had.
  public func push(
    _ batch: EventBatch, as written: [UInt8]? = nil
  ) async throws(CollectorFailure) -> (Pushed, bytes: Int) {
    let bytes = written ?? batch.bytes
    let answer = try await ask("POST", "/v1/streams/\(batch.stream.hex)/events", bytes, taking: 409)
    if answer.status == 409 { return (.diverged(try answer.message()), bytes.count) }
    return (.answered(try answer.message()), bytes.count)
  }

  /// Whose events are asked for.
  public enum Whom: Hashable, Sendable {
    case everybody
    /// All but those that this device holds itself.
    case others([HeldStream])
    /// The analyst's own, but for those that this device holds itself.
    case own([HeldStream])
  }

  /// A page of the collector's log, and where to go on.
  public func events(
    after cursor: LogCursor, kinds: [EventKind] = [], from whom: Whom = .everybody, limit: Int = 500
  ) async throws(CollectorFailure) -> (entries: [LogEntry], next: LogCursor) {
    var query = "after=\(cursor.text)&limit=\(limit)&redacted=1"
    if !kinds.isEmpty { query += "&kind=" + kinds.map(\.rawValue).joined(separator: ",") }
    switch whom {
    case .everybody: break
    // A collector of before leaves out what came by the token.
    case .others(let held): query += "&others=1&held=" + held.map(\.text).joined(separator: ",")
    case .own(let held): query += "&mine=1&held=" + held.map(\.text).joined(separator: ",")
    }
    let answer = try await ask("GET", "/v1/events?" + query)
    do {
      let entries = try LogEntry.entries(in: answer.body)
      guard let next = answer.next ?? entries.last?.cursor else { throw WireError("the page has no next cursor") }
      return (entries, next)
    } catch {
      throw .unanswered(.garbled("\(error)"))
    }
  }

  /// What was published since, and where to go on. Where nothing was, a collector that can waits so many seconds for it.
  public func inbox(after cursor: LogCursor, wait: Int = 0) async throws(CollectorFailure) -> InboxPage {
    let query = "/v1/inbox?after=\(cursor.text)" + (wait > 0 ? "&wait=\(wait)" : "")
    return try await ask("GET", query, within: deadline + .seconds(wait)).message()
  }

  /// Says how far this device has what is published.
  public func acknowledge(_ receipt: InboxReceipt) async throws(CollectorFailure) {
    let _: InboxReceipt = try await ask("POST", "/v1/inbox/ack", receipt.bytes).message()
  }

  /// Bytes of a content from an offset on, one piece; as many as arrive on a slow line within the deadline.
  public func blob(_ hash: Hash, from offset: Int) async throws(CollectorFailure) -> [UInt8] {
    let range = ("Range", "bytes=\(offset)-\(offset + BlobPiece.bytes - 1)")
    return try await ask("GET", "/v1/blobs/\(hash.hex)", headers: [range]).body
  }

  /// How much of a content the collector has.
  public func state(of hash: Hash) async throws(CollectorFailure) -> BlobState? {
    do {
      return try await ask("GET", "/v1/blobs/\(hash.hex)/state").message()
    } catch .refused(404, _) {
      return nil
    }
  }

  /// Sends a piece of a content; how much the collector has then.
  public func put(
    _ piece: ArraySlice<UInt8>, of hash: Hash, size: Int
  ) async throws(CollectorFailure) -> BlobState {
    let range = ("Content-Range", "bytes \(piece.startIndex)-\(piece.endIndex - 1)/\(size)")
    return try await ask(
      "PUT", "/v1/blobs/\(hash.hex)", Array(piece), type: "application/octet-stream", headers: [range], taking: 409
    ).message()
  }

  /// Hands in a bundle with the text of its signature file. A long one takes as long as a slow line needs.
  public func handIn(_ file: CarriedFile, signature: [UInt8]) async throws(CollectorFailure) -> BundleAnswer {
    try await ask(
      "POST", "/v1/bundles", .stream(file.source), type: "application/octet-stream",
      headers: [(SSHSignature.header, SSHSignature.headerValue(of: signature))],
      within: .seconds(600 + file.count / Self.slowest)
    ).message()
  }

  /// Bytes in a second of the slowest line that a long upload is waited for on.
  private static let slowest = 4096

  private struct Answer {
    var status: Int
    var body: [UInt8]
    var next: LogCursor?

    func message<Value: Message>() throws(CollectorFailure) -> Value {
      do {
        return try Value(bytes: body)
      } catch {
        throw .unanswered(.garbled("\(error)"))
      }
    }
  }

  private func ask(
    _ method: String, _ path: String, _ body: [UInt8]? = nil, type: String = "application/json",
    headers: [(String, String)] = [], taking accepted: Int? = nil, within patience: Duration? = nil
  ) async throws(CollectorFailure) -> Answer {
    try await ask(
      method, path, body.map { .bytes($0) } ?? .none, type: type, headers: headers, taking: accepted, within: patience)
  }

  private func ask(
    _ method: String, _ path: String, _ body: HTTPBody, type: String, headers: [(String, String)],
    taking accepted: Int? = nil, within patience: Duration? = nil
  ) async throws(CollectorFailure) -> Answer {
    var request = HTTPRequest(method, address + path, body: body)
    if case .none = body {} else { request.headers.append(("Content-Type", type)) }
    request.headers += headers.map { (name: $0.0, value: $0.1) }
    request.deadline = patience ?? deadline
    // A batch that may have arrived can be sent again: the collector knows each event by its hash.
    request.isRepeatable = true
    request.bodyLimit = 64 << 20
    let response: HTTPResponse
    do {
      response = try await transport.send(request)
    } catch {
      throw CollectorFailure(error)
    }
    // A network's login page answers 200 as well: only the collector signs its answers with its name.
    guard response.headers["mds-collector-id"] != nil else {
      if response.status >= 500 {
        throw .unanswered(.busy(status: response.status, String(decoding: response.body.prefix(200), as: UTF8.self)))
      }
      throw .unanswered(.portal)
    }
    guard response.isSuccess || response.status == accepted else {
      guard let refusal = try? Refusal(bytes: response.body) else {
        throw .unanswered(.garbled("status \(response.status) without a reason"))
      }
      throw .refused(status: response.status, refusal)
    }
    return Answer(
      status: response.status, body: response.body,
      next: response.headers["mds-next-cursor"].flatMap { LogCursor(text: $0) })
  }
}

extension CollectorFailure {
  init(_ error: TransportError) {
    switch error {
    case .timedOut: self = .unanswered(.timeout)
    case .cancelled, .closed: self = .cancelled
    case .tokenUnavailable(let reason): self = .noToken(reason)
    case .invalidURL, .invalidRequest, .insecure, .misconfigured: self = .unusable(error.description)
    case .tlsUntrusted: self = .unanswered(.untrusted(error.description))
    case .cannotResolve, .refused, .unreachable, .tlsFailed, .connectionLost, .exhausted,
      .bodyUnavailable:
      self = .unanswered(.unreachable(error.description))
    case .tooLarge, .protocolError: self = .unanswered(.garbled(error.description))
    }
  }
}
