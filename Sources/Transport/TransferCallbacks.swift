internal import CCurl
internal import Glibc

/// What libcurl calls, on the engine's thread, while it works on a transfer.
extension Transfer {
  /// Makes libcurl call this transfer. The engine keeps it alive as long as the handle is in use.
  func listen(on handle: EasyHandle) {
    let me = Unmanaged.passUnretained(self).toOpaque()
    handle.set(CURLOPT_HEADERDATA, me)
    handle.set(CURLOPT_WRITEDATA, me)
    handle.set(CURLOPT_PREREQDATA, me)
    _ = mds_set_data_callback(handle.pointer, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
      Transfer.from(context)?.takeHeader(bytes, size * count) ?? 0
    }
    _ = mds_set_data_callback(handle.pointer, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
      Transfer.from(context)?.takeBody(bytes, size * count) ?? 0
    }
    _ = mds_set_prerequest(handle.pointer) { context, _, _, _, localPort in
      Transfer.from(context)?.mayBegin(localPort: localPort) == true ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
    }
    guard upload != nil else { return }
    handle.set(CURLOPT_READDATA, me)
    handle.set(CURLOPT_SEEKDATA, me)
    _ = mds_set_data_callback(handle.pointer, CURLOPT_READFUNCTION) { space, size, count, context in
      Transfer.from(context)?.giveBody(space, size * count) ?? mds_read_abort()
    }
    _ = mds_set_seek(handle.pointer) { context, offset, origin in
      guard offset == 0, origin == SEEK_SET, Transfer.from(context)?.upload?.rewind() == true else {
        return CURL_SEEKFUNC_FAIL
      }
      return CURL_SEEKFUNC_OK
    }
  }

  private static func from(_ context: UnsafeMutableRawPointer?) -> Transfer? {
    context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
  }

  private static func view(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: UnsafeRawPointer(bytes)?.assumingMemoryBound(to: UInt8.self), count: count)
  }

  /// libcurl is about to send the request; the second time, because a kept connection turned out to be dead.
  private func mayBegin(localPort: Int32) -> Bool {
    // Over TLS there is always something to read; HTTP/2 numbers its answers.
    let isPlain = parts.scheme == .http && request.version != .http2PriorKnowledge
    if isPlain, handle?.long(CURLINFO_NUM_CONNECTS) == 0, engine.sockets.holdsBytes(localPort: localPort) {
      wantsFreshConnection = true
      return false
    }
    attempts += 1
    if attempts == 1 || request.repeatsOnDeadConnection { return true }
    failure = .connectionLost(origin: parts.origin, reason: "a kept connection was closed while the request was sent")
    return false
  }

  private func takeHeader(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    lastByte = Monotonic.now()
    switch reader.take(Self.view(bytes, count)) {
    case .more: return count
    case .complete: return headEnded() ? count : 0
    case .tooLarge:
      failure = .tooLarge(.headers, limit: request.headerLimit, origin: parts.origin)
      return 0
    }
  }

  private func headEnded() -> Bool {
    let encoding = reader.headers["content-encoding"]?.lowercased() ?? "identity"
    let isPacked = encoding == "gzip" || encoding == "x-gzip"
    if request.acceptsGzip, isPacked {
      inflation = Inflation()
      if inflation == nil {
        failure = .exhausted(reason: "no memory to unpack the answer")
        return false
      }
    } else if request.acceptsGzip, encoding != "identity" {
      failure = .protocolError(origin: parts.origin, reason: "its answer is packed in a way that was not asked for")
      return false
    }
    if request.method != "HEAD", !isPacked, let length = reader.headers["content-length"].flatMap({ Int($0) }) {
      if length > bodyLimit {
        failure = .tooLarge(.body, limit: bodyLimit, origin: parts.origin)
        return false
      }
      // The length is the server's word only: no more than this is set aside on it.
      if mode == .whole { body.reserveCapacity(min(max(0, length), 64 << 20)) }
    }
    if mode == .stream, !isHeld { deliver(head) }
    return true
  }

  private func takeBody(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    lastByte = Monotonic.now()
    let bytes = Self.view(bytes, count)
    guard let inflation else {
      if collects || hasRoom(for: count) { return keep(bytes) ? count : 0 }
      isReceivingPaused = true
      return mds_write_pause()
    }
    // After a pause libcurl gives the same bytes again, of which some were unpacked before it.
    var position = min(unpacked, count)
    unpacked -= position
    do {
      var step = Inflation.Step(consumed: 0, produced: 0, hasMore: true)
      while step.hasMore {
        guard collects || hasRoom(for: Inflation.pieceSize) else {
          unpacked = position
          isReceivingPaused = true
          return mds_write_pause()
        }
        step = try inflation.step(UnsafeBufferPointer(rebasing: bytes[position...]))
        position += step.consumed
        guard keep(inflation.piece(step)) else { return 0 }
      }
      return count
    } catch {
      failure = .protocolError(origin: parts.origin, reason: error.description)
      return 0
    }
  }

  /// Whether the body is gathered here: that of a whole answer, and that of a refusal which is held back.
  private var collects: Bool { mode == .whole || isHeld }

  /// Takes bytes of the body as they will be read; false where they are too many.
  private func keep(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let limit = collects && mode == .stream ? min(bodyLimit, 1 << 20) : bodyLimit
    if bytes.count > limit - received {
      failure = .tooLarge(.body, limit: limit, origin: parts.origin)
      return false
    }
    received += bytes.count
    if collects { body.append(contentsOf: bytes) } else { deliver(bytes) }
    return true
  }

  private func giveBody(_ space: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    guard let upload else { return mds_read_abort() }
    let step = upload.read(into: UnsafeMutableRawBufferPointer(start: space, count: count)) { [self] in
      engine.submit(.resume(self))
    }
    switch step {
    case .bytes(let count): return count
    case .paused:
      isSendingPaused = true
      return mds_read_pause()
    case .failed(let reason):
      failure = reason
      return mds_read_abort()
    }
  }
}
