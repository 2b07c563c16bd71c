internal import NIOCore
internal import NIOHTTPTypes

/// Ends a connection whose request does not come to its end: a body that stands still, or drips so that it never looks
/// idle. The time that one may take grows with the bytes that have come.
final class RequestDeadline: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart

  private let least: TimeAmount
  private let expired: @Sendable () -> Void
  private var began: NIODeadline?
  private var bytes = 0
  private var timer: Scheduled<Void>?

  init(least: TimeAmount, expired: @escaping @Sendable () -> Void) {
    self.least = least
    self.expired = expired
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head:
      began = .now()
      bytes = 0
      watch(context, for: least)
    case .body(let buffer): bytes += buffer.readableBytes
    case .end: end()
    }
    context.fireChannelRead(data)
  }

  func channelInactive(context: ChannelHandlerContext) {
    end()
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { end() }

  private func end() {
    timer?.cancel()
    timer = nil
    began = nil
  }

  private func watch(_ context: ChannelHandlerContext, for time: TimeAmount) {
    timer?.cancel()
    timer = context.eventLoop.assumeIsolated().scheduleTask(in: time) { [weak self] in self?.check(context) }
  }

  private func check(_ context: ChannelHandlerContext) {
    guard let began else { return }
    let allowed = least + .seconds(Int64(bytes / ServerSettings.bytesPerSecond))
    let left = allowed - (.now() - began)
    guard left <= .zero else { return watch(context, for: left) }
    expired()
    context.close(promise: nil)
  }
}

@available(*, unavailable)
extension RequestDeadline: Sendable {}
