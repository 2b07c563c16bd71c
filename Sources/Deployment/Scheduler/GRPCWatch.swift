internal import SwiftProtobuf
internal import Transport

/// The answers of a call that stays open, one by one. Letting go of it ends the call.
struct GRPCWatch<Answer: SwiftProtobuf.Message> {
  private let operation: DeploymentError.Operation
  private let stream: HTTPStream
  private var pieces: HTTPStream.Body.Iterator
  private var frames: GRPCFrames
  private var exchange: DeploymentError.Exchange

  /// Returns when the server begins to answer: with its first message, or with the end where there is none.
  init(
    _ channel: GRPCChannel, _ operation: DeploymentError.Operation, _ method: String,
    _ message: some SwiftProtobuf.Message
  ) async throws(DeploymentError) {
    var exchange = DeploymentError.Exchange(method: "POST", path: "/" + method)
    do {
      var request = try channel.request(method, message, deadline: nil)
      // The call stays open, and gRPC for Go sends a head with the first message only, which may be a day away.
      request.deadline = .seconds(1 << 40)
      request.bodyLimit = nil
      stream = try await channel.transport.stream(request)
      exchange.note(stream.head, size: 0)
      try GRPCChannel.check(stream.head)
    } catch {
      throw GRPCChannel.failure(operation, error, exchange)
    }
    self.operation = operation
    self.exchange = exchange
    pieces = stream.body.makeAsyncIterator()
    frames = GRPCFrames(limit: channel.limits.message)
  }

  /// The next answer; nil when the server has ended the call well.
  mutating func next() async throws(DeploymentError) -> Answer? {
    do {
      while true {
        if let bytes = try frames.next() { return try GRPCChannel.message(bytes) }
        guard let piece = try await pieces.next() else {
          try GRPCChannel.checkStatus(stream.trailers, stream.head, isCutOff: frames.isCutOff)
          return nil
        }
        frames.append(piece)
      }
    } catch {
      throw GRPCChannel.failure(operation, error, exchange)
    }
  }
}
