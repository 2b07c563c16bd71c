internal import Dispatch
internal import Glibc

/// Ends the process some time after it was asked to, also where a client still owes the rest of its request.
enum Grace {
  static let seconds = 2

  /// Begins to watch for the signals; the result must be kept.
  static func watch() -> [any DispatchSourceSignal] {
    [SIGTERM, SIGINT].map { signal in
      let source = DispatchSource.makeSignalSource(signal: signal, queue: .global())
      source.setEventHandler {
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(seconds)) { exit(0) }
      }
      source.resume()
      return source
    }
  }
}
