internal import CCurl

/// One thread and one libcurl multi handle: every transfer of a `Transport`.
///
/// `@unchecked Sendable` is sound: the mailbox is locked, everything else is touched by its own thread only.
final class Engine: @unchecked Sendable {
  enum Command: Sendable {
    case start(Transfer)
    /// Nobody waits for it any more.
    case drop(Transfer)
    /// Its reader has made room, or its body has more to send.
    case resume(Transfer)
    case token(Result<BearerToken, TokenFailure>)
    case stop
  }

  private enum Life { case unborn, running, ended }

  private struct Mailbox {
    var commands: [Command] = []
    var life = Life.unborn
    /// There while the thread has it, to be woken through.
    var multi: UnsafeMutableRawPointer?
    var closers: [CheckedContinuation<Void, Never>] = []
  }

  let configuration: TransportConfiguration
  private let mailbox = Locked(Mailbox())

  // The thread's own.
  private var live: [UnsafeMutableRawPointer: Transfer] = [:]
  private var waitingForToken: [Transfer] = []
  private var spare: [EasyHandle] = []
  let sockets = SocketTable()
  private var keeper: TokenKeeper?

  init(_ configuration: TransportConfiguration) {
    self.configuration = configuration
    keeper = configuration.token.map { TokenKeeper($0, pause: configuration.tokenPause) }
  }

  /// Leaves a command for the thread, which the first transfer starts. After the end there is nobody to take it: a
  /// transfer that would start fails, the rest needs nothing more.
  func submit(_ command: Command) {
    let isTaken = mailbox.withLock { mailbox in
      if mailbox.life == .unborn, case .start = command {
        mailbox.life = BackgroundThread.start { [self] in run() } ? .running : .ended
      }
      guard mailbox.life == .running else { return false }
      mailbox.commands.append(command)
      // Only the first needs to wake it: the thread takes all.
      if mailbox.commands.count == 1, let multi = mailbox.multi { curl_multi_wakeup(multi) }
      return true
    }
    if !isTaken, case .start(let transfer) = command { transfer.finish(.failure(.closed)) }
  }

  /// Ends the thread, and with it every transfer; returns once it has let go of everything.
  func close() async {
    await withCheckedContinuation { continuation in
      let isRunning = mailbox.withLock { mailbox in
        guard mailbox.life == .running else {
          mailbox.life = .ended
          return false
        }
        mailbox.closers.append(continuation)
        return true
      }
      if isRunning { submit(.stop) } else { continuation.resume() }
    }
  }

  /// Loads libcurl and its TLS library, once a process.
  private static let isLoaded = mds_global_init() == CURLE_OK

  private func run() {
    guard Self.isLoaded, let multi = curl_multi_init() else {
      return end(nil, reason: .exhausted(reason: "libcurl could not be started"))
    }
    _ = mds_multi_set_long(multi, CURLMOPT_PIPELINING, Int(MDS_MULTIPLEX))
    _ = mds_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, max(1, configuration.maxConnectionsPerHost))
    // Kept connections; libcurl's default shrinks with the number of transfers in flight, and drops them.
    _ = mds_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 2 * max(32, configuration.maxConnectionsPerHost))
    mailbox.withLock { $0.multi = multi }
    var running: Int32 = 0
    while takeCommands(multi) {
      curl_multi_perform(multi, &running)
      takeResults(multi)
      let pause = expire(multi, now: Monotonic.now())
      curl_multi_poll(multi, nil, 0, pause, nil)
    }
    end(multi, reason: .closed)
  }

  /// Does what was asked for; false once it is to stop.
  private func takeCommands(_ multi: UnsafeMutableRawPointer) -> Bool {
    let commands = mailbox.withLock { mailbox in
      defer { mailbox.commands.removeAll(keepingCapacity: true) }
      return mailbox.commands
    }
    for command in commands {
      switch command {
      case .start(let transfer): start(transfer, multi)
      case .drop(let transfer): finish(transfer, .failure(.cancelled), multi)
      case .resume(let transfer): resume(transfer)
      case .token(let result): tokenArrived(result, multi)
      case .stop:
        return false
      }
    }
    return true
  }

  private func takeResults(_ multi: UnsafeMutableRawPointer) {
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE, let transfer = live[message.pointee.easy_handle] else { continue }
      let code = mds_message_result(message)
      if transfer.wantsFreshConnection, !transfer.isFresh {
        detach(transfer, multi)
        attach(transfer, multi)
      } else if code != CURLE_OK {
        finish(transfer, .failure(transfer.error(code)), multi)
      } else if transfer.isHeld, !transfer.request.hasAuthorization, let refused = transfer.token {
        renew(transfer, refused, multi)
      } else {
        complete(transfer, multi)
      }
    }
  }

  /// Ends what is too late, and says how many milliseconds there are until the next one may be.
  private func expire(_ multi: UnsafeMutableRawPointer, now: Int64) -> Int32 {
    var next = now + 3_600_000_000_000
    var late: [Transfer] = []
    for transfer in live.values { note(transfer) }
    for transfer in waitingForToken { note(transfer) }
    for transfer in late {
      let stall = transfer.request.stallTimeout
      let isStalled = stall.map { transfer.phase == .receiving && now - transfer.lastByte >= $0.nanoseconds } ?? false
      let limit = isStalled ? stall ?? transfer.request.deadline : transfer.request.deadline
      let failure = TransportError.timedOut(phase: transfer.phase, after: limit, origin: transfer.parts.origin)
      finish(transfer, .failure(failure), multi)
    }
    return Int32(min(3_600_000, (next - now + 999_999) / 1_000_000))

    func note(_ transfer: Transfer) {
      let due = transfer.due
      if due <= now { late.append(transfer) } else { next = min(next, due) }
    }
  }

  private func resume(_ transfer: Transfer) {
    guard let handle = transfer.handle else { return }
    transfer.isReceivingPaused = transfer.door.withLock { $0.isPaused }
    transfer.isSendingPaused = false
    transfer.lastByte = Monotonic.now()
    // It may call back at once, and pause again.
    curl_easy_pause(handle.pointer, Int32(transfer.isReceivingPaused ? MDS_PAUSE_RECEIVING : MDS_PAUSE_NOTHING))
  }

  private func end(_ multi: UnsafeMutableRawPointer?, reason: TransportError) {
    keeper?.stop()
    let rest = mailbox.withLock { mailbox in
      mailbox.life = .ended
      mailbox.multi = nil
      defer { mailbox.commands = [] }
      return mailbox.commands
    }
    if let multi {
      for transfer in Array(live.values) { finish(transfer, .failure(reason), multi) }
    }
    for transfer in waitingForToken { transfer.finish(.failure(reason)) }
    for case .start(let transfer) in rest { transfer.finish(.failure(reason)) }
    waitingForToken = []
    spare = []
    if let multi { curl_multi_cleanup(multi) }
    let closers = mailbox.withLock { mailbox in
      defer { mailbox.closers = [] }
      return mailbox.closers
    }
    for closer in closers { closer.resume() }
  }
}

/// From the start of a transfer to its end.
extension Engine {
  private func start(_ transfer: Transfer, _ multi: UnsafeMutableRawPointer) {
    if transfer.isOver { return }
    guard !transfer.request.hasAuthorization, let answer = keeper?.ask(start: runOnThread) else {
      return attach(transfer, multi)
    }
    switch answer {
    case .ready(let token):
      transfer.token = token
      attach(transfer, multi)
    case .pending: waitingForToken.append(transfer)
    case .failed(let failure): transfer.finish(.failure(.tokenUnavailable(reason: failure.reason)))
    }
  }

  private func attach(_ transfer: Transfer, _ multi: UnsafeMutableRawPointer) {
    guard let handle = spare.popLast() ?? EasyHandle() else {
      return transfer.finish(.failure(.exhausted(reason: "libcurl has no memory")))
    }
    do {
      try transfer.configure(handle)
    } catch {
      handle.reset()
      return transfer.finish(.failure(error))
    }
    transfer.handle = handle
    live[handle.pointer] = transfer
    curl_multi_add_handle(multi, handle.pointer)
  }

  private func detach(_ transfer: Transfer, _ multi: UnsafeMutableRawPointer) {
    guard let handle = transfer.handle else { return }
    curl_multi_remove_handle(multi, handle.pointer)
    live[handle.pointer] = nil
    transfer.handle = nil
    handle.reset()
    if spare.count < 32 { spare.append(handle) }
  }

  private func finish(
    _ transfer: Transfer, _ outcome: Result<HTTPResponse, TransportError>, _ multi: UnsafeMutableRawPointer
  ) {
    detach(transfer, multi)
    waitingForToken.removeAll { $0 === transfer }
    transfer.finish(outcome)
  }

  private func complete(_ transfer: Transfer, _ multi: UnsafeMutableRawPointer) {
    if let failure = transfer.cutOff { return finish(transfer, .failure(failure), multi) }
    transfer.door.withLock { $0.trailers = transfer.reader.trailers }
    finish(transfer, .success(transfer.takeResponse()), multi)
  }

  /// A server refused the token: a newer one is tried once, else the refusal is the answer.
  private func renew(_ transfer: Transfer, _ refused: BearerToken, _ multi: UnsafeMutableRawPointer) {
    switch keeper?.renew(refused, start: runOnThread) {
    case .ready(let token) where token != refused:
      guard transfer.prepareToRepeat() else { return release(transfer, multi) }
      detach(transfer, multi)
      transfer.token = token
      attach(transfer, multi)
    case .pending: waitingForToken.append(transfer)
    case .ready, .failed, nil: release(transfer, multi)
    }
  }

  /// Gives out a refusal that was held back.
  private func release(_ transfer: Transfer, _ multi: UnsafeMutableRawPointer) {
    transfer.wasRenewed = true
    if transfer.mode == .stream {
      // The body first: whoever has the head may ask for it at once.
      transfer.door.withLock { $0.backlog = transfer.body }
      transfer.deliver(transfer.head)
    }
    complete(transfer, multi)
  }

  private func tokenArrived(_ result: Result<BearerToken, TokenFailure>, _ multi: UnsafeMutableRawPointer) {
    keeper?.ended(result)
    let waiting = waitingForToken
    waitingForToken = []
    for transfer in waiting where !transfer.isOver {
      switch (result, transfer.token) {
      case (.success(let token), let refused?) where token != refused && transfer.prepareToRepeat():
        detach(transfer, multi)
        transfer.token = token
        attach(transfer, multi)
      case (_, _?): release(transfer, multi)
      case (.success(let token), nil):
        transfer.token = token
        attach(transfer, multi)
      case (.failure(let failure), nil):
        transfer.finish(.failure(.tokenUnavailable(reason: failure.reason)))
      }
    }
  }

  private func runOnThread(_ command: TokenCommand) -> Bool {
    BackgroundThread.start { [self] in submit(.token(command.run())) }
  }
}
