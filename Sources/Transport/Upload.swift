internal import CCurl

/// The body of a request on its way out. `read` and `rewind` are the engine's; the source runs in a task.
final class Upload: Sendable {
  private struct State {
    var piece: [UInt8]
    var offset = 0
    var sent = 0
    var isFetching = false
    var hasEnded = false
    var failure: TransportError?
    var task: Task<Void, Never>?
  }

  enum Step: Equatable {
    case bytes(Int)
    case paused
    case failed(TransportError)
  }

  private let source: HTTPBodySource?
  private let state: Locked<State>

  init(bytes: [UInt8]) {
    source = nil
    state = Locked(State(piece: bytes, hasEnded: true))
  }

  init(_ source: HTTPBodySource) {
    self.source = source
    state = Locked(State(piece: []))
  }

  /// Whether nothing has been taken from a source that can be read only once.
  var canBegin: Bool { source == nil || state.withLock { $0.sent == 0 && !$0.isFetching && !$0.hasEnded } }

  /// Goes back to the start, where that is possible.
  func rewind() -> Bool {
    guard canBegin else { return false }
    state.withLock {
      $0.offset = 0
      $0.sent = 0
    }
    return true
  }

  /// Fills `space`; where nothing is there yet, says so and calls `resume` once there is.
  func read(into space: UnsafeMutableRawBufferPointer, resume: @escaping @Sendable () -> Void) -> Step {
    state.withLock { state in
      if let failure = state.failure { return .failed(failure) }
      let count = min(space.count, state.piece.count - state.offset)
      if count > 0 {
        state.piece.withUnsafeBytes { piece in
          space.copyMemory(from: UnsafeRawBufferPointer(rebasing: piece[state.offset..<state.offset + count]))
        }
        state.offset += count
        state.sent += count
        if let length = source?.length, state.sent > length {
          return .failed(.bodyUnavailable(reason: "it is longer than the \(length) bytes that were announced"))
        }
        return .bytes(count)
      }
      if state.hasEnded {
        if let length = source?.length, state.sent < length {
          return .failed(.bodyUnavailable(reason: "it ended after \(state.sent) of \(length) bytes"))
        }
        return .bytes(0)
      }
      if !state.isFetching { fetch(&state, resume) }
      return .paused
    }
  }

  func stop() {
    let task = state.withLock { state in
      defer { state.task = nil }
      return state.task
    }
    task?.cancel()
  }

  private func fetch(_ state: inout State, _ resume: @escaping @Sendable () -> Void) {
    guard let source else { return }
    state.isFetching = true
    state.task = Task { [self] in
      let result: Result<[UInt8]?, TransportError>
      do {
        result = .success(try await source.next())
      } catch {
        result = .failure(.bodyUnavailable(reason: "\(error)"))
      }
      arrived(result)
      resume()
    }
  }

  private func arrived(_ result: Result<[UInt8]?, TransportError>) {
    state.withLock { state in
      state.isFetching = false
      state.task = nil
      state.piece = []
      state.offset = 0
      switch result {
      case .success(let piece?): state.piece = piece
      case .success(nil): state.hasEnded = true
      case .failure(let failure): state.failure = failure
      }
    }
  }
}
