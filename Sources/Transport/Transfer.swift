internal import CCurl

/// One request on its way: what the engine knows of it, and the door to the task that waits for it.
///
/// `@unchecked Sendable` is sound: what is mutable and not behind `door` is touched by the engine's thread only, which
/// includes libcurl's callbacks.
final class Transfer: @unchecked Sendable {
  enum Mode { case whole, stream }

  let request: HTTPRequest
  let parts: URLParts
  let mode: Mode
  let engine: Engine
  let upload: Upload?
  let began = Monotonic.now()
  let door = Locked(TransferDoor())

  // The engine's own.
  var handle: EasyHandle?
  var token: BearerToken?
  /// How often libcurl has begun to send it since the handle was set up.
  var attempts = 0
  /// What a callback found wrong; it stands above libcurl's own words.
  var failure: TransportError?
  var lastByte: Int64 = 0
  /// Nothing was sent, because the kept connection was not clean.
  var wantsFreshConnection = false
  /// Whether it was given a connection of its own.
  var isFresh = false
  var isSendingPaused = false
  var isReceivingPaused = false
  var wasRenewed = false
  var reader: HeadReader
  /// The body of a whole answer, or of a refusal that may yet be answered by a newer token.
  var body: [UInt8] = []
  var received = 0
  var inflation: Inflation?
  /// How many of the bytes that libcurl will give again after a pause have been unpacked.
  var unpacked = 0

  init(_ request: HTTPRequest, mode: Mode, engine: Engine) throws(TransportError) {
    parts = try URLParts(request.url)
    if parts.scheme == .http, !parts.isLoopback, !engine.configuration.allowsInsecureHTTP {
      throw .insecure(origin: parts.origin)
    }
    try request.checkHeaders()
    var request = request
    if request.compressesBody, case .bytes(let bytes) = request.body {
      guard let packed = Gzip.compress(bytes) else { throw .exhausted(reason: "no memory to compress the body") }
      request.body = .bytes(packed)
      request.headers.append(("Content-Encoding", "gzip"))
    }
    switch request.body {
    case .none: upload = nil
    case .bytes(let bytes): upload = Upload(bytes: bytes)
    case .stream(let source): upload = Upload(source)
    }
    self.request = request
    self.mode = mode
    self.engine = engine
    reader = HeadReader(limit: request.headerLimit)
  }

  /// Whether the waiting task has its answer already.
  var isOver: Bool { door.withLock { $0.outcome != nil } }

  var trailers: HTTPHeaders { door.withLock { $0.trailers } }

  var bodyLimit: Int { request.bodyLimit ?? (mode == .whole ? HTTPRequest.defaultBodyLimit : .max) }

  /// Whether the answer is a refusal of our token that a newer one may turn: nobody is told of it yet.
  var isHeld: Bool { reader.status == 401 && token != nil && !wasRenewed }

  /// The next instant at which it may be too late, in monotonic nanoseconds.
  var due: Int64 {
    var due = Int64.max
    if mode == .whole || !hasDeliveredHead { due = began + request.deadline.nanoseconds }
    if let stall = request.stallTimeout, hasDeliveredHead, !isReceivingPaused {
      due = min(due, lastByte + stall.nanoseconds)
    }
    return due
  }

  private var hasDeliveredHead: Bool { reader.isComplete && !isHeld }

  /// What it waits for now.
  var phase: TransportError.Phase {
    guard let handle else { return .token }
    if reader.isComplete { return .receiving }
    if attempts > 0 {
      if case .bytes(let bytes) = request.body, handle.offset(CURLINFO_SIZE_UPLOAD_T) < bytes.count { return .sending }
      if case .stream = request.body, isSendingPaused { return .sending }
      return .answering
    }
    if handle.offset(CURLINFO_NAMELOOKUP_TIME_T) == 0 { return .resolving }
    return handle.offset(CURLINFO_CONNECT_TIME_T) == 0 ? .connecting : .securing
  }

  /// Makes it as new, to be sent once more with another token; false where its body can be read only once.
  func prepareToRepeat() -> Bool {
    guard upload?.rewind() ?? true else { return false }
    wasRenewed = true
    attempts = 0
    received = 0
    inflation = nil
    unpacked = 0
    body = []
    reader = HeadReader(limit: request.headerLimit)
    return true
  }

  /// Frees the waiting task at once and lets the engine tidy up.
  func abandon(_ reason: TransportError) {
    finish(.failure(reason))
    engine.submit(.drop(self))
  }

  /// Ends it for the waiting task; the first outcome counts.
  func finish(_ outcome: Result<HTTPResponse, TransportError>) {
    upload?.stop()
    let waiting = door.withLock { door in
      defer {
        door.whole = nil
        door.head = nil
        door.piece = nil
      }
      if door.outcome != nil { return TransferDoor() }
      door.outcome = outcome
      // What came before a failure is still read; nobody reads what was cancelled.
      if case .failure(.cancelled) = outcome { door.backlog = [] }
      return door
    }
    waiting.whole?.resume(returning: outcome)
    waiting.head?.resume(returning: outcome.map(\.head))
    waiting.piece?.resume(returning: outcome.map { _ in nil })
  }
}
