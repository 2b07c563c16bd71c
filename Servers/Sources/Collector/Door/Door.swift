internal import Glibc
internal import HTTPTypes
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTPTypes
internal import NIOSSL
internal import Synchronization

/// How a connection comes in: counted, with TLS where there is a certificate, and bounded in size and time.
struct Door: ServerChildChannel {
  typealias Value = HTTP1Channel.Value

  private let inner: HTTP1Channel
  private let settings: ServerSettings
  private let guests: Guests

  init(_ settings: ServerSettings, guests: Guests, responder: @escaping HTTP1Channel.Responder) {
    self.settings = settings
    self.guests = guests
    let least = TimeAmount(settings.request)
    inner = HTTP1Channel(
      responder: responder,
      configuration: .init(
        additionalChannelHandlers: [RequestDeadline(least: least) { guests.countExpired() }],
        idleTimeout: TimeAmount(settings.idle),
        httpDecoderConfiguration: .init(
          maxHeaderFieldSize: ServerSettings.headerBytes, maxHeaderListSize: ServerSettings.headerBytes,
          maxHeaderFieldCount: ServerSettings.headerFields)))
  }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    let address = channel.remoteAddress.map(Door.name) ?? "unknown"
    let isWelcome = guests.enter(address, limit: settings.isBehindProxy ? nil : settings.connectionsOfOne)
    channel.closeFuture.whenComplete { [guests] _ in guests.leave(address) }
    return channel.eventLoop.makeCompletedFuture {
      // Set up all the same: a connection that cannot be set up would be an error of the listening socket.
      if !isWelcome { try channel.pipeline.syncOperations.addHandler(TurningAway()) }
      guard let identity = settings.identity else { return }
      try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: identity.context))
    }.flatMap { inner.setup(channel: channel, logger: logger) }
  }

  func handle(value: Value, logger: Logger) async { await inner.handle(value: value, logger: logger) }

  /// An address without its port; of IPv6 the part that one household has.
  static func name(of address: SocketAddress) -> String { address.ipAddress.map(household) ?? "unknown" }

  /// The part of an address that one household has: of IPv6 its first half, of IPv4 all of it. What is no address stays.
  static func household(_ text: String) -> String {
    var bytes = [UInt8](repeating: 0, count: 16)
    guard inet_pton(AF_INET6, text, &bytes) == 1 else { return text }
    // An IPv4 client of a socket that listens on both.
    if bytes.starts(with: [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]) {
      return bytes.suffix(4).map { "\($0)" }.joined(separator: ".")
    }
    let groups = stride(from: 0, to: 8, by: 2).map { String(Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]), radix: 16) }
    return groups.joined(separator: ":") + "::/64"
  }
}

/// Ends a connection as soon as it stands.
private final class TurningAway: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  func channelActive(context: ChannelHandlerContext) { context.close(promise: nil) }
}

@available(*, unavailable)
extension TurningAway: Sendable {}

/// The connections that stand, by address.
final class Guests: Sendable {
  private struct State {
    var counts: [String: Int] = [:]
    var turnedAway = 0
    var expired = 0
  }

  private let state = Mutex(State())

  /// Counts a connection; false where the address has as many as it may.
  func enter(_ address: String, limit: Int?) -> Bool {
    state.withLock { state in
      state.counts[address, default: 0] += 1
      guard let limit, state.counts[address, default: 0] > limit else { return true }
      state.turnedAway += 1
      return false
    }
  }

  func leave(_ address: String) {
    state.withLock { state in
      let left = state.counts[address, default: 1] - 1
      state.counts[address] = left > 0 ? left : nil
    }
  }

  func countExpired() { state.withLock { $0.expired += 1 } }

  /// How many stand, were turned away for their number, and were ended because a request did not come to its end.
  var figures: (open: Int, turnedAway: Int, expired: Int) {
    state.withLock { ($0.counts.values.reduce(0, +), $0.turnedAway, $0.expired) }
  }
}
