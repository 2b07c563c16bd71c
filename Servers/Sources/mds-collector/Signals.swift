internal import Collector
internal import Dispatch
internal import Domain
internal import Glibc

/// What signals do beside ending the server in order: SIGHUP reads the certificate again, and a stop that waits too long
/// for a client ends without it.
struct Signals {
  /// They watch for as long as they are kept.
  let sources: [any DispatchSourceSignal]

  /// `stopping` is done as soon as the server is to end.
  init(identity: TLSIdentity?, stopSeconds: Int, stopping: @escaping @Sendable () -> Void) {
    var sources: [any DispatchSourceSignal] = []
    if let identity {
      signal(SIGHUP, SIG_IGN)
      sources.append(Signals.on(SIGHUP) { Signals.reload(identity) })
    }
    for number in [SIGTERM, SIGINT] {
      sources.append(
        Signals.on(number) {
          stopping()
          DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(stopSeconds)) {
            StandardError.write("mds-collector: a client took longer than \(stopSeconds) s; ended without it")
            // Everything that was acknowledged is on the disk.
            _exit(0)
          }
        })
    }
    self.sources = sources
  }

  /// Says where what is shown is not trusted for its dates.
  static func tell(_ identity: TLSIdentity) {
    guard let remark = identity.remark(at: .now) else { return }
    StandardError.write("mds-collector: \(StandardOutput.plain(remark))")
  }

  private static func reload(_ identity: TLSIdentity) {
    do {
      try identity.reload()
      StandardError.write("mds-collector: read the certificate again")
      tell(identity)
    } catch {
      StandardError.write("mds-collector: kept the certificate that it has: \(StandardOutput.plain("\(error)"))")
    }
  }

  private static func on(_ number: Int32, _ body: @escaping @Sendable () -> Void) -> any DispatchSourceSignal {
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler(handler: DispatchWorkItem(block: body))
    source.resume()
    return source
  }
}
