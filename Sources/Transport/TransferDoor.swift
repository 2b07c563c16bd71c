/// What passes between the engine and the task that waits for a transfer.
struct TransferDoor {
  typealias Waiter<Value: Sendable> = CheckedContinuation<Result<Value, TransportError>, Never>

  /// How it ended; for a stream the response is only a sign that all of it has come.
  var outcome: Result<HTTPResponse, TransportError>?
  var whole: Waiter<HTTPResponse>?
  var head: Waiter<HTTPHead>?
  var piece: Waiter<[UInt8]?>?
  var backlog: [UInt8] = []
  var isPaused = false
  var trailers = HTTPHeaders()

  /// More unread bytes of a stream than this make the server wait.
  static let backlogLimit = 256 << 10
}

extension Transfer {
  /// Waits for a whole answer.
  func response() async throws(TransportError) -> HTTPResponse {
    let outcome: Result<HTTPResponse, TransportError> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        // The handler of a task that is cancelled already has run before this: look for an outcome first.
        let outcome = door.withLock { door in
          if door.outcome == nil { door.whole = continuation }
          return door.outcome
        }
        if let outcome { continuation.resume(returning: outcome) } else { engine.submit(.start(self)) }
      }
    } onCancel: {
      abandon(.cancelled)
    }
    return try outcome.get()
  }

  /// Waits for the head of a stream.
  func head() async throws(TransportError) -> HTTPHead {
    let outcome: Result<HTTPHead, TransportError> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let outcome = door.withLock { door in
          if door.outcome == nil { door.head = continuation }
          return door.outcome
        }
        if let outcome {
          continuation.resume(returning: outcome.map(\.head))
        } else {
          engine.submit(.start(self))
        }
      }
    } onCancel: {
      abandon(.cancelled)
    }
    return try outcome.get()
  }

  /// Waits for the next bytes of a stream: all that came since the last call; nil at its end.
  func nextPiece() async throws(TransportError) -> [UInt8]? {
    let outcome: Result<[UInt8]?, TransportError> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let (ready, resumes) = door.withLock { door -> (Result<[UInt8]?, TransportError>?, Bool) in
          if !door.backlog.isEmpty {
            defer {
              door.backlog = []
              door.isPaused = false
            }
            return (.success(door.backlog), door.isPaused)
          }
          if let outcome = door.outcome { return (outcome.map { _ in nil }, false) }
          door.piece = continuation
          return (nil, false)
        }
        if resumes { engine.submit(.resume(self)) }
        if let ready { continuation.resume(returning: ready) }
      }
    } onCancel: {
      abandon(.cancelled)
    }
    return try outcome.get()
  }

  /// Whether a stream may take so many bytes more; if not, the reader will ask for the transfer to go on.
  func hasRoom(for count: Int) -> Bool {
    door.withLock { door in
      if door.backlog.isEmpty || door.backlog.count + count <= TransferDoor.backlogLimit { return true }
      door.isPaused = door.outcome == nil
      return !door.isPaused
    }
  }

  /// Gives a stream's bytes to its reader, or keeps them until it asks.
  func deliver(_ bytes: UnsafeBufferPointer<UInt8>) {
    if bytes.isEmpty { return }
    let waiter = door.withLock { door -> TransferDoor.Waiter<[UInt8]?>? in
      if door.outcome != nil { return nil }
      defer { door.piece = nil }
      if door.piece == nil { door.backlog += bytes }
      return door.piece
    }
    waiter?.resume(returning: .success(Array(bytes)))
  }

  /// Gives a stream's head to the task that waits for it.
  func deliver(_ head: HTTPHead) {
    let waiter = door.withLock { door in
      defer { door.head = nil }
      return door.head
    }
    waiter?.resume(returning: .success(head))
  }
}
