/// The token in use and the way to a newer one. It lives on the engine's thread; only a command runs on another.
struct TokenKeeper {
  enum Answer {
    case ready(BearerToken)
    /// The command runs; its result arrives as a command of the engine.
    case pending
    case failed(TokenFailure)
  }

  private let source: TokenSource
  private let pause: Duration
  private var current: BearerToken?
  private var stamp: TokenFile.Stamp?
  private var running: TokenCommand?
  private var unchangedSince: Int64?

  init(_ source: TokenSource, pause: Duration) {
    self.source = source
    self.pause = pause
  }

  /// The token to send now. `start` is given the command to run, on a thread of its own.
  mutating func ask(start: (TokenCommand) -> Bool) -> Answer {
    switch source {
    case .file(let path, let sharedFile):
      let file = TokenFile(path: path, isShared: sharedFile)
      if let current, let stamp, stamp == file.stamp { return .ready(current) }
      return read(file)
    case .command:
      if let current { return .ready(current) }
      return run(start)
    }
  }

  /// The token to send after a server refused `refused`: the same one where there is no newer.
  mutating func renew(_ refused: BearerToken, start: (TokenCommand) -> Bool) -> Answer {
    if let current, current != refused { return .ready(current) }
    switch source {
    case .file(let path, let sharedFile):
      return read(TokenFile(path: path, isShared: sharedFile))
    case .command:
      if let unchangedSince, Monotonic.now() - unchangedSince < pause.nanoseconds { return .ready(refused) }
      return run(start)
    }
  }

  /// The command has ended.
  mutating func ended(_ result: Result<BearerToken, TokenFailure>) {
    running = nil
    guard case .success(let token) = result else { return }
    unchangedSince = token == current ? Monotonic.now() : nil
    current = token
  }

  func stop() { running?.stop() }

  private mutating func read(_ file: TokenFile) -> Answer {
    switch file.read() {
    case .success((let token, let stamp)):
      current = token
      self.stamp = stamp
      return .ready(token)
    case .failure(let failure):
      return .failed(failure)
    }
  }

  private mutating func run(_ start: (TokenCommand) -> Bool) -> Answer {
    if running != nil { return .pending }
    guard case .command(let arguments, let timeout) = source else { return .failed(TokenFailure("no command")) }
    let command = TokenCommand(arguments, timeout: timeout)
    guard start(command) else { return .failed(TokenFailure("no thread for the token command")) }
    running = command
    return .pending
  }
}
